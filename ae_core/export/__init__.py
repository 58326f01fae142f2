"""What leaves the program: ONNX files, and what stands beside them."""
