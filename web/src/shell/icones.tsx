/** Line icons, drawn in the colour of the text around them; always beside or under a name. */
import type { ReactNode } from 'react';

function Icone({ children }: { children: ReactNode }) {
  return (
    <svg className="icone" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const IconeLoupe = () => (
  <Icone>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5.5 5.5" />
  </Icone>
);
export const IconeCroix = () => (
  <Icone>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icone>
);
export const IconeCouches = () => (
  <Icone>
    <path d="m12 4 9 5-9 5-9-5zM3.5 13.5 12 18l8.5-4.5" />
  </Icone>
);
export const IconeRegle = () => (
  <Icone>
    <path d="m3.5 15.5 12-12 5 5-12 12zM7 12l2 2M10 9l2.5 2.500M13 6l2 2" />
  </Icone>
);
export const IconeLien = () => (
  <Icone>
    <path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1.2 1.200M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.700l1.2-1.2" />
  </Icone>
);
export const IconeCopier = () => (
  <Icone>
    <rect x="8.5" y="8.5" width="11" height="11" rx="1.5" />
    <path d="M15.5 8.500v-3a1 1 0 0 0-1-1h-9a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3" />
  </Icone>
);
export const IconeCadrer = () => (
  <Icone>
    <path d="M4 9V5a1 1 0 0 1 1-1h4M15 4h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M9 20H5a1 1 0 0 1-1-1v-4" />
    <circle cx="12" cy="12" r="2.5" />
  </Icone>
);
export const IconePlus = () => (
  <Icone>
    <path d="M12 5v14M5 12h14" />
  </Icone>
);
export const IconeMoins = () => (
  <Icone>
    <path d="M5 12h14" />
  </Icone>
);
export const IconeNord = () => (
  <Icone>
    <path d="M12 3.5 16.5 20 12 16.5 7.5 20z" />
  </Icone>
);
export const IconeEtendue = () => (
  <Icone>
    <path d="M4 11 12 4l8 7M6.5 9.500V20h11V9.5" />
  </Icone>
);
export const IconeParcelle = () => (
  <Icone>
    <path d="m5 7 9-3 6 6-3 10-11-2z" />
  </Icone>
);
export const IconeSection = () => (
  <Icone>
    <path d="M4 4h16v16H4zM4 11h9M13 4v16M13 14h7" />
  </Icone>
);
export const IconeAdresse = () => (
  <Icone>
    <path d="M12 21s6.5-6.3 6.5-11.500a6.5 6.5 0 0 0-13 0C5.5 14.7 12 21 12 21z" />
    <circle cx="12" cy="9.5" r="2.2" />
  </Icone>
);
export const IconeVoie = () => (
  <Icone>
    <path d="M8 4 5 20M16 4l3 16M12 5v3M12 11v3M12 17v3" />
  </Icone>
);
export const IconeLieuDit = () => (
  <Icone>
    <path d="M12 4 6 13h3.500L5 19h14l-4.5-6H18zM12 19v2.5" />
  </Icone>
);
export const IconeCommune = () => (
  <Icone>
    <path d="M4 20V10l5-3.500L14 10v10M14 20v-7h6v7M9 20v-4M2.5 20h19" />
  </Icone>
);
export const IconeAnnotation = () => (
  <Icone>
    <path d="M5 5h14v10h-7l-4.500 4v-4H5zM8.500 8.500h7M8.500 11.500h4" />
  </Icone>
);
export const IconeFiche = () => (
  <Icone>
    <path d="M6 4h8.500L18 7.500V20H6zM9 11h6M9 14.500h6" />
  </Icone>
);
export const IconeChevron = () => (
  <Icone>
    <path d="m9 6 6 6-6 6" />
  </Icone>
);
export const IconeAnnuler = () => (
  <Icone>
    <path d="M8.5 5 4 9.5 8.5 14M4 9.500h10a5.5 5.5 0 0 1 0 11h-3" />
  </Icone>
);
export const IconeCoordonnees = () => (
  <Icone>
    <circle cx="12" cy="12" r="6.5" />
    <path d="M12 2.500v5M12 16.500v5M2.500 12h5M16.500 12h5" />
  </Icone>
);
export const IconeSelection = () => (
  <Icone>
    <path d="M4 8V5a1 1 0 0 1 1-1h3M12 4h3M19 4h0a1 1 0 0 1 1 1v3M20 12v1M4 12v3M4 19a1 1 0 0 0 1 1h3M12 20h1" />
    <path d="m13.500 17.500 2.500 2.500 5-5.500" />
  </Icone>
);
export const IconeMenu = () => (
  <Icone>
    <path d="M4 6.500h16M4 12h16M4 17.500h16" />
  </Icone>
);
export const IconeCorbeille = () => (
  <Icone>
    <path d="M5 7h14M9.500 7V4.500h5V7M6.500 7l1 13h9l1-13M10.500 10.500v6M13.500 10.500v6" />
  </Icone>
);
export const IconePdf = () => (
  <Icone>
    <path d="M7 3.500h7l4.500 4.500V20a.5.5 0 0 1-.5.5H7a.5.5 0 0 1-.5-.5V4a.5.5 0 0 1 .5-.5zM13.500 3.500v5h5M9.500 13h5M9.500 16.500h5" />
  </Icone>
);
export const IconeTelecharger = () => (
  <Icone>
    <path d="M12 4v11M7.500 11 12 15.500 16.500 11M5 20h14" />
  </Icone>
);
export const IconeTexte = () => (
  <Icone>
    <path d="M5 6h14M5 10h14M5 14h14M5 18h8" />
  </Icone>
);
