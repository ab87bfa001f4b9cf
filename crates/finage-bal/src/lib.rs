//! Reader of the Base Adresse Locale CSV, versions 1.3 to 1.5.
