"""Training of karelscope's models with PyTorch, on one processor or many. Appendix B."""
