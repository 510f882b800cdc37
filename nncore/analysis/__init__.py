"""Questions about a trained network: accuracy, ablation, projection, coach. Knows `registry` and all below it."""
