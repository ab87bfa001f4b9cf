//! Generator of the sample town: two fictitious communes in the real exchange formats.
