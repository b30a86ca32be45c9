"""What people can do something about: one line says it, and no stack is shown. Appendix B."""


class ScaleError(Exception):
    """Settings, files or a demand with which training cannot begin or go on."""
