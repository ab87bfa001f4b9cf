//! The clock against dated cases, and laws that hold on any date.
