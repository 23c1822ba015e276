"""Planning: which standpoints, in which order, by whom; arrays and searches, no Django."""
