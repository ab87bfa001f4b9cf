import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { joindre } from '../../api/ecrire';
import { lireRefus } from '../../api/refus';
import { fichiersQuery } from '../../api/requetes';
import { Cadre } from './Cadre';
import { texteDe, type PropsChamp } from './props';

/** One of the files attached to the row; a file chosen here is attached first. */
export function ChampFichier(props: PropsChamp) {
  const { t } = useLingui();
  const { objet, valeur, id, libelles, onChange } = props;
  const { data, refetch } = useQuery({ ...fichiersQuery(objet.module, objet.objet, id ?? ''), enabled: id !== null });
  const [enCours, setEnCours] = useState(false);
  const [refus, setRefus] = useState('');
  const pris = texteDe(valeur);
  const joints = data ?? [];

  const envoyer = async (fichier: File): Promise<void> => {
    if (id === null) return;
    setEnCours(true);
    setRefus('');
    try {
      const avant = new Set(joints.map((j) => j.id));
      const apres = await joindre(objet.module, objet.objet, id, fichier);
      await refetch();
      // The same content attached twice is the file that was there: it goes by its name.
      const nouveau = apres.find((j) => !avant.has(j.id)) ?? apres.find((j) => j.nom === fichier.name);
      if (nouveau) onChange(nouveau.id);
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : le fichier n’est pas joint.`);
    }
    setEnCours(false);
  };

  return (
    <Cadre {...props} erreur={refus === '' ? props.erreur : refus}>
      {(liens) =>
        id === null ? (
          <p className="discret" id={liens.id}>
            {t`Enregistrez d’abord la fiche : un fichier se joint à une fiche qui existe.`}
          </p>
        ) : (
          <>
            <select {...liens} className="saisie" value={pris} disabled={enCours} onChange={(event) => onChange(event.target.value)}>
              <option value="">{t`Aucun fichier`}</option>
              {pris === '' || joints.some((j) => j.id === pris) ? null : <option value={pris}>{typeof libelles === 'string' ? libelles : pris}</option>}
              {joints.map((j) => (
                <option key={j.id} value={j.id}>
                  {j.nom}
                </option>
              ))}
            </select>
            <input
              type="file"
              aria-label={t`Joindre un fichier pour ${props.champ.libelle}`}
              disabled={enCours}
              onChange={(event) => {
                const [fichier] = event.target.files ?? [];
                event.target.value = '';
                if (fichier) void envoyer(fichier);
              }}
            />
          </>
        )
      }
    </Cadre>
  );
}
