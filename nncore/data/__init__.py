"""Pictures: MNIST and Fashion-MNIST, drawings, photographs, uploaded sets. Knows `specs`."""
