"""The entry: page configuration and navigation by chapter, nothing else. `streamlit run app.py` serves it.

Streamlit imports this file once as `app` for the server, and runs it as `__main__` for every visitor; a spawned
worker that imports it under a third name finds nothing to do.
"""

from pathlib import Path

import streamlit as st

from pages.ui import serving

if __name__ == "app":
    app = st.App(__file__, lifespan=serving.lifespan, on_script_error=serving.apologize)

if __name__ == "__main__":
    pages = Path(__file__).parent / "pages"
    st.set_page_config("Neurons to Networks", pages / "ui/icon.svg", layout="wide")
    if "contents" not in st.session_state:  # once a session: made at every run, they take a tenth of it
        st.session_state["contents"] = {
            "": [st.Page(pages / "home/home.py", title="The lecture", default=True)],
            "Neurons": [
                st.Page(pages / "neurons/neuron.py", title="A neuron", url_path="neuron"),
                st.Page(pages / "neurons/network.py", title="A network", url_path="network"),
            ],
            "Learning": [
                st.Page(pages / "learning/cost.py", title="Cost functions", url_path="cost"),
                st.Page(pages / "learning/gradient_descent.py", title="Gradient descent", url_path="gradient_descent"),
                st.Page(pages / "learning/backpropagation.py", title="Backpropagation", url_path="backpropagation"),
            ],
            "Digits": [
                st.Page(pages / "digits/digits.py", title="Handwritten digits", url_path="digits"),
                st.Page(pages / "digits/mlp.py", title="A dense network", url_path="mlp"),
            ],
            "Convolution": [
                st.Page(pages / "convolution/convolution.py", title="Convolution and pooling", url_path="convolution"),
                st.Page(pages / "convolution/cnn.py", title="A convolutional network", url_path="cnn"),
                st.Page(pages / "convolution/feature_maps.py", title="Inside the network", url_path="feature_maps"),
            ],
            "Workshop": [
                st.Page(pages / "workshop/runs.py", title="Compare runs", url_path="runs"),
                st.Page(pages / "workshop/gpu.py", title="Using GPUs", url_path="gpu"),
            ],
        }
    st.navigation(st.session_state["contents"], expanded=True).run()
