//! Reader of the French cadastre's EDIGEO lots (PCI vecteur): archive, blocks, topology, objects.
