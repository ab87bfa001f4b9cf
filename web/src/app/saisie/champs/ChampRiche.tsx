import { useEffect, useRef, useState, type ClipboardEvent } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { construire, ecrireRiche, lireRiche, lireZone } from '../../riche/assainir';
import { lienPermis } from '../../riche/regles';
import { IconeLien } from '../../../shell/icones';
import { Cadre, type Liens } from './Cadre';
import { texteDe, type PropsChamp } from './props';

type Commande = 'bold' | 'italic' | 'insertUnorderedList' | 'insertOrderedList' | 'createLink' | 'unlink' | 'insertHTML';

/** The browser's own editing commands: old, but the only ones that keep its undo. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- no successor exists for editable content
const commander = (commande: Commande, valeur?: string): boolean => document.execCommand(commande, false, valeur);

function Editeur({ liens, nom, html, onChange }: { liens: Liens; nom: string; html: string; onChange: (html: string) => void }) {
  const { t } = useLingui();
  const zone = useRef<HTMLDivElement>(null);
  /** What this editor wrote last: anything else comes from outside and replaces its content. */
  const ecrit = useRef<string | null>(null);
  const [lien, setLien] = useState<{ adresse: string; plage: Range | null; refuse: boolean } | null>(null);

  useEffect(() => {
    if (!zone.current || html === ecrit.current) return;
    ecrit.current = html;
    zone.current.replaceChildren(...construire(lireRiche(html)));
  }, [html]);

  const dire = (): void => {
    const texte = zone.current ? ecrireRiche(lireZone(zone.current)) : '';
    ecrit.current = texte;
    onChange(texte);
  };
  const agir = (commande: Commande, valeur?: string): void => {
    zone.current?.focus();
    commander(commande, valeur);
    dire();
  };
  /** Only what a rich text may hold is pasted. */
  const coller = (event: ClipboardEvent): void => {
    event.preventDefault();
    const riche = event.clipboardData.getData('text/html');
    const texte = event.clipboardData.getData('text/plain');
    const boite = document.createElement('div');
    boite.textContent = texte;
    agir('insertHTML', riche === '' ? boite.innerHTML.replace(/\n/g, '<br>') : ecrireRiche(lireRiche(riche)));
  };
  const poserLien = (): void => {
    const adresse = lienPermis(lien?.adresse ?? '');
    if (!lien || adresse === null) {
      setLien(lien && { ...lien, refuse: true });
      return;
    }
    const selection = getSelection();
    if (lien.plage && selection) {
      selection.removeAllRanges();
      selection.addRange(lien.plage);
    }
    agir('createLink', adresse);
    setLien(null);
  };
  const outils: readonly { commande: Commande; nom: string; signe: string }[] = [
    { commande: 'bold', nom: t`Gras`, signe: 'G' },
    { commande: 'italic', nom: t`Italique`, signe: 'I' },
    { commande: 'insertUnorderedList', nom: t`Liste à puces`, signe: '•' },
    { commande: 'insertOrderedList', nom: t`Liste numérotée`, signe: '1.' },
  ];
  return (
    <div className="editeur">
      <div className="editeur-outils" role="toolbar" aria-label={t`Mise en forme de ${nom}`}>
        {outils.map((o) => (
          <Button key={o.commande} className="bouton-nu" preventFocusOnPress aria-label={o.nom} data-outil={o.commande} onPress={() => agir(o.commande)}>
            <span aria-hidden="true">{o.signe}</span>
          </Button>
        ))}
        <Button
          className="bouton-nu"
          preventFocusOnPress
          aria-label={t`Lien`}
          onPress={() => {
            const selection = getSelection();
            setLien({ adresse: '', refuse: false, plage: selection && selection.rangeCount > 0 ? selection.getRangeAt(0).cloneRange() : null });
          }}
        >
          <IconeLien />
        </Button>
        <Button className="bouton-nu" preventFocusOnPress aria-label={t`Retirer le lien`} onPress={() => agir('unlink')}>
          <span aria-hidden="true">⨯</span>
        </Button>
      </div>
      {lien ? (
        <div className="saisie-et-bouton" role="group" aria-label={t`Adresse du lien`}>
          <input
            className="saisie"
            aria-label={t`Adresse du lien (https://… ou /…)`}
            aria-invalid={lien.refuse}
            value={lien.adresse}
            onChange={(event) => setLien({ ...lien, adresse: event.target.value, refuse: false })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') {
                event.preventDefault();
                poserLien();
              } else if (event.key === 'Escape') {
                event.stopPropagation();
                setLien(null);
              }
            }}
          />
          <Button className="bouton" onPress={poserLien}>
            {t`Poser le lien`}
          </Button>
        </div>
      ) : null}
      <div
        {...liens}
        ref={zone}
        className="saisie editeur-zone riche"
        role="textbox"
        tabIndex={0}
        aria-multiline="true"
        aria-label={nom}
        contentEditable
        suppressContentEditableWarning
        onInput={dire}
        onPaste={coller}
        onDrop={(event) => event.preventDefault()}
      />
    </div>
  );
}

/** A text with bold, italics, lists and links; the server keeps nothing else of it. */
export function ChampRiche(props: PropsChamp) {
  return <Cadre {...props}>{(liens) => <Editeur liens={liens} nom={props.champ.libelle} html={texteDe(props.valeur)} onChange={props.onChange} />}</Cadre>;
}
