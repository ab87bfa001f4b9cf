import type { ReactNode } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Parcelle } from '../api/types';
import { formatDate, formatEntier } from '../format/nombres';

function Fait({ nom, children }: { nom: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null;
  return (
    <div>
      <dt>{nom}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const SOURCES: Record<string, string> = { edigeo: 'PCI EDIGÉO (DGFiP)', etalab: 'Cadastre Etalab' };

/** Where the parcel stands in the plan, and where what is shown comes from. */
export function OriginFacts({ parcelle }: { parcelle: Parcelle }) {
  const { t } = useLingui();
  const { feuille, ancienne_commune: ancienne, prefixe } = parcelle;
  const echelle = feuille?.echelle ? `1/${formatEntier(feuille.echelle)}` : null;
  return (
    <section aria-labelledby="fiche-origine" className="fiche-section">
      <h3 id="fiche-origine">{t`Plan et source`}</h3>
      <dl className="faits">
        <Fait nom={t`Section`}>{parcelle.section}</Fait>
        <Fait nom={t`Numéro`}>{parcelle.numero}</Fait>
        <Fait nom={t`Préfixe`}>{prefixe === '000' ? null : prefixe}</Fait>
        <Fait nom={t`Ancienne commune`}>{ancienne ? `${ancienne.nom ?? ''} (${ancienne.insee})`.trim() : null}</Fait>
        <Fait nom={t`Feuille`}>{feuille ? [feuille.numero, echelle].filter(Boolean).join(', ') : null}</Fait>
        <Fait nom={t`Qualité du plan`}>{feuille?.qualite?.libelle}</Fait>
        <Fait nom={t`Confection`}>{feuille?.confection?.libelle}</Fait>
        <Fait nom={t`Arpentée`}>{parcelle.arpentee === null ? null : parcelle.arpentee ? t`oui` : t`non`}</Fait>
        <Fait nom={t`Figurée au plan`}>{parcelle.figuree === null ? null : parcelle.figuree ? t`oui` : t`non`}</Fait>
        <Fait nom={t`Créée le`}>{parcelle.date_creation ? formatDate(parcelle.date_creation) : null}</Fait>
        <Fait nom={t`Mise à jour le`}>{parcelle.date_mise_a_jour ? formatDate(parcelle.date_mise_a_jour) : null}</Fait>
        <Fait nom={t`Source`}>{parcelle.source === null ? null : (SOURCES[parcelle.source] ?? parcelle.source)}</Fait>
        <Fait nom={t`Millésime`}>{parcelle.millesime ? formatDate(parcelle.millesime) : t`non précisé par les fichiers`}</Fait>
      </dl>
      <p className="discret mention">{t`Le plan cadastral ne fait pas foi des limites de propriété.`}</p>
    </section>
  );
}
