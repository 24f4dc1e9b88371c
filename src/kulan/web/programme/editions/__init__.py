"""Pages of editions: their texts and states, and crosswalks between two of them."""
