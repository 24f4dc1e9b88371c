"""States: what an animal was doing, told by hidden Markov models of its steps and turns."""
