"""The content of tokens, generated from `service/protos`."""
