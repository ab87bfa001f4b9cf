//! Identifiers of the French cadastre: commune, section, parcel, and what people type for them.
