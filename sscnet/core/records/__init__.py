"""Rules about public records that models use: completeness, basis of facts, samples."""
