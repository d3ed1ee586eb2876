"""A fund year computed again: from a notice's pack and exported tables alone, in exact fractions."""
