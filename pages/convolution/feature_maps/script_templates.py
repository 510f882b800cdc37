"""The parts of the script of the page "Inside the network", with places for what the page shows."""

HEAD = """\
import numpy as np
import keras
import keras.models as km
import matplotlib.pyplot as plt

# The network of the page: "Download the network" beside this script.
model = km.load_model("network.keras")
{load}
{digit}

# All its layers one by one, for one picture or many.
def run(pictures, first = 0, last = len(model.layers) - 1):
    values = np.asarray(pictures, dtype = "float32")
    for layer in model.layers[first:last + 1]:
        values = layer(values)
    return np.array(values)

def prepared(pictures):
    return np.reshape(pictures, (-1, *model.input_shape[1:])){scaled}

outputs = [run(prepared(digit), last = n)[0] for n in range(len(model.layers))]
read = outputs[-1].argmax()
print("read as", read, "with probability %.3f" % outputs[-1].max())

# The maps, or units, of layer {layer}.
layer, number = {layer}, {number}
maps = outputs[layer] if outputs[layer].ndim == 3 else outputs[layer].reshape(1, 1, -1)
for n in range(min(maps.shape[2], 40)):
    plt.subplot(4, 10, n + 1)
    plt.imshow(maps[:, :, n], cmap = "gray", vmin = 0, vmax = maps.max() or 1)
    plt.axis("off")
plt.savefig("layer.png")
"""
CONVOLUTION = """
# One pixel by hand: for each input map patch times kernel, summed; then all sums, plus bias, through the activation.
row, column = {row}, {column}
kernel, bias = [*model.layers[layer].get_weights(), np.zeros(1000)][:2]  # some layers have no bias
seen = np.pad({seen}, {pad})
patch = seen[{top}:{bottom}, {left}:{right}]
sums = (patch * kernel[:, :, :, number]).sum(axis = (0, 1))
z = sums.sum() + bias[number]
print("sums", *["%.4g" % part for part in sums])
print("by hand %.4f" % float(model.layers[layer].activation(z)), " Keras %.4f" % outputs[layer][row, column, number])
"""
POOLING = """
# One pixel by hand: the {what} of its window.
row, column = {row}, {column}
window = {seen}[{top}:{bottom}, {left}:{right}, number]
print("by hand %.4f" % window.{what}(), " Keras %.4f" % outputs[layer][row, column, number])
"""
DENSE = """
# One unit by hand: all inputs times its weights, summed, plus bias, through the activation.
kernel, bias = [*model.layers[layer].get_weights(), 0][:2]  # some layers have no bias
z = {seen} @ kernel + bias
by_hand = np.array(model.layers[layer].activation(z.reshape(1, -1)))[0, number]
print("by hand %.4f" % by_hand, " Keras %.4f" % outputs[layer][number])
"""
ROOMS = """
# Switch off: these maps, or units, count as zero for all later layers.
def switch_off(off):
    values = outputs[layer].copy()
    values[..., off] = 0
    return run(values[None], layer + 1)[0]

without = switch_off({off})
print("switched off", {off}, "read as", without.argmax(), "with probability %.3f" % without.max())

# Hide a part: a grey square around every pixel in turn.
def hide(size):
    kept = np.zeros((28, 28))
    for row in range(28):
        covered = np.repeat(digit[None], 28, axis = 0)
        for column in range(28):
            half = size // 2
            covered[column, max(row - half, 0):row + half + 1, max(column - half, 0):column + half + 1] = 127
        kept[row] = run(prepared(covered))[:, read]
    return kept

kept = hide({size})
worst = np.unravel_index(kept.argmin(), kept.shape)
print("hidden around", *worst, "it is", read, "with probability %.3f" % kept.min())

# What excites a map: the ten test pictures with its largest values.
def most_exciting(pictures, block = 500):
    values = [run(prepared(pictures[n:n + block]), 0, layer)[..., number] for n in range(0, len(pictures), block)]
    largest = np.concatenate([part.reshape(len(part), -1).max(axis = 1) for part in values])
    return np.argsort(-largest, kind = "stable")[:10]

print("most exciting", most_exciting(x_test))

# A thousand pictures as points: the two directions in which the layer's values vary most.
# sklearn.manifold.TSNE().fit_transform(values) lays them out by their neighbours instead.
def hidden_space(pictures):
    values = run(prepared(pictures), 0, layer).reshape(len(pictures), -1)
    values = values - values.mean(axis = 0)
    directions, sizes, _ = np.linalg.svd(values, full_matrices = False)
    return directions[:, :2] * sizes[:2], (sizes[:2]**2).sum() / (sizes**2).sum()

points, share = hidden_space(x_test[:1000])
print("two directions have %.1f %% of the variance" % (100 * share))
plt.figure()
plt.scatter(points[:, 0], points[:, 1], c = y_test[:1000], cmap = "tab10")
plt.savefig("space.png")
"""
BESIDE = """
# Another network on the same picture: "Download the other network" beside this script.
other = km.load_model("beside.keras")
answer = np.array(other(np.reshape(digit, (1, *other.input_shape[1:])){scaled}))[0]
print("beside: read as", answer.argmax(), "with probability %.3f" % answer.max())
"""
