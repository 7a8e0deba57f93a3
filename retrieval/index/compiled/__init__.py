"""The first stage and the counting as loops that Numba compiles."""
