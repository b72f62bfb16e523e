"""How far annotators agree, with intervals."""
