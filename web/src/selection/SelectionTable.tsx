import { useEffect, useRef, useState, type FocusEvent } from 'react';
import { Button, Cell, CheckboxButton, CheckboxField, Column, Row, Table, TableBody, TableHeader, type Selection as Cochees, type SortDescriptor } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { ParcelleChoisie } from '../api/types';
import { formatEntier, formatSurface } from '../format/nombres';
import { IconeCadrer, IconeChevron, IconeCorbeille } from '../shell/icones';
import { trier, type Colonne } from './trier';

/** Lines drawn at once. */
const PAGE = 50;

interface Props {
  parcelles: readonly ParcelleChoisie[];
  /** Parcel pointed at on the map: its line is marked. */
  survol: string | null;
  /** More than one commune: each line says its own. */
  plusieursCommunes: boolean;
  onPointer: (idu: string | null) => void;
  onVoir: (parcelle: ParcelleChoisie) => void;
  onFiche: (idu: string) => void;
  onRetirer: (idus: readonly string[]) => void;
}

function Case({ nom }: { nom: string }) {
  return (
    <CheckboxField slot="selection" aria-label={nom}>
      <CheckboxButton className="case case-seule">
        <span className="case-boite" aria-hidden="true">
          <svg viewBox="0 0 16 16" width="14" height="14">
            <path d="m3.5 8.5 3 3 6-7" />
          </svg>
        </span>
      </CheckboxButton>
    </CheckboxField>
  );
}

/** The selected parcels, sorted and paged; pointing at a line marks its parcel on the map. */
export function SelectionTable({ parcelles, survol, plusieursCommunes, onPointer, onVoir, onFiche, onRetirer }: Props) {
  const { t } = useLingui();
  const [tri, setTri] = useState<SortDescriptor>({ column: 'reference', direction: 'ascending' });
  const [cochees, setCochees] = useState<ReadonlySet<string>>(new Set());
  const [demandee, setPage] = useState(0);
  const cadre = useRef<HTMLDivElement>(null);

  const triees = trier(parcelles, tri.column as Colonne, tri.direction);
  const pages = Math.max(1, Math.ceil(triees.length / PAGE));
  const page = Math.min(demandee, pages - 1);
  const visibles = triees.slice(page * PAGE, (page + 1) * PAGE);
  const presentes = new Set(parcelles.map((p) => p.idu));
  const retenues = [...cochees].filter((idu) => presentes.has(idu));

  // A list that goes away takes its mark off the map.
  useEffect(() => () => onPointer(null), [onPointer]);

  const cocher = (keys: Cochees): void => {
    const ici = new Set(visibles.map((p) => p.idu));
    const ailleurs = [...cochees].filter((idu) => !ici.has(idu));
    setCochees(new Set([...ailleurs, ...(keys === 'all' ? ici : [...keys].map(String))]));
  };
  /** Removing a line leaves the keyboard on the one that takes its place. */
  const retirer = (idus: readonly string[]): void => {
    const at = visibles.findIndex((p) => p.idu === idus[0]);
    onRetirer(idus);
    const suivante = visibles.find((p, i) => i > at && !idus.includes(p.idu)) ?? visibles.findLast((p) => !idus.includes(p.idu));
    requestAnimationFrame(() => {
      const line = suivante && cadre.current?.querySelector<HTMLElement>(`[data-idu="${suivante.idu}"]`);
      (line ?? document.getElementById('titre-selection'))?.focus();
    });
  };
  const onFocus = (event: FocusEvent): void => {
    onPointer(event.target.closest<HTMLElement>('[data-idu]')?.dataset.idu ?? null);
  };

  return (
    <div ref={cadre} role="presentation" className="selection-liste" onFocus={onFocus} onBlur={() => onPointer(null)}>
      <Table
        className="tableau"
        aria-label={t`Parcelles de la sélection`}
        selectionMode="multiple"
        selectedKeys={retenues}
        onSelectionChange={cocher}
        sortDescriptor={tri}
        onSortChange={setTri}
      >
        <TableHeader>
          <Column className="colonne-case">
            <Case nom={t`Cocher toutes les lignes`} />
          </Column>
          <Column id="reference" isRowHeader allowsSorting className="colonne">
            {t`Référence`}
          </Column>
          <Column id="contenance" allowsSorting className="colonne colonne-nombre">
            {t`Contenance`}
          </Column>
          <Column id="surface" allowsSorting className="colonne colonne-nombre">
            {t`Surface`}
          </Column>
          <Column className="colonne-actions">
            <span className="visuellement-cache">{t`Actions`}</span>
          </Column>
        </TableHeader>
        <TableBody>
          {visibles.map((p) => (
            <Row
              key={p.idu}
              id={p.idu}
              textValue={p.reference}
              className="ligne"
              data-idu={p.idu}
              data-survol={p.idu === survol ? 'oui' : undefined}
              onHoverStart={() => onPointer(p.idu)}
              onHoverEnd={() => onPointer(null)}
            >
              <Cell className="cellule">
                <Case nom={t`Cocher ${p.reference}`} />
              </Cell>
              <Cell className="cellule">
                <Button className="lien lien-ligne" aria-label={t`Ouvrir la fiche de ${p.reference}`} onPress={() => onFiche(p.idu)}>
                  {p.reference}
                </Button>
                {plusieursCommunes || p.adresse ? (
                  <span className="discret precision">{[p.adresse, plusieursCommunes ? p.commune.nom : null].filter(Boolean).join(', ')}</span>
                ) : null}
              </Cell>
              <Cell className="cellule nombre">{p.contenance_m2 === null ? <span className="discret">{t`inconnue`}</span> : formatSurface(p.contenance_m2)}</Cell>
              <Cell className="cellule nombre">{formatSurface(p.surface_m2)}</Cell>
              <Cell className="cellule cellule-actions">
                <Button className="bouton-nu" aria-label={t`Voir ${p.reference} sur la carte`} onPress={() => onVoir(p)}>
                  <IconeCadrer />
                </Button>
                <Button className="bouton-nu" aria-label={t`Retirer ${p.reference}`} onPress={() => retirer([p.idu])}>
                  <IconeCorbeille />
                </Button>
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      {pages > 1 ? (
        <nav className="pages" aria-label={t`Pages du tableau`}>
          <Button className="bouton-nu precedente" aria-label={t`Page précédente`} isDisabled={page === 0} onPress={() => setPage(page - 1)}>
            <IconeChevron />
          </Button>
          <span role="status">{t`Page ${formatEntier(page + 1)} sur ${formatEntier(pages)}`}</span>
          <Button className="bouton-nu" aria-label={t`Page suivante`} isDisabled={page === pages - 1} onPress={() => setPage(page + 1)}>
            <IconeChevron />
          </Button>
        </nav>
      ) : null}
      {retenues.length > 0 ? (
        <Button className="bouton bouton-cochees" onPress={() => retirer(retenues)}>
          <IconeCorbeille />
          {plural(retenues.length, { one: 'Retirer la ligne cochée', other: 'Retirer les # lignes cochées' })}
        </Button>
      ) : null}
    </div>
  );
}
