"""What a proposal has to have: the rules of its call, its papers, remarks to answer."""
