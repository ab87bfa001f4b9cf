import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  Dialog,
  DialogTrigger,
  Heading,
  Popover,
} from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { parseAbsoluteToLocal, parseDate, toCalendarDate, type CalendarDate } from '@internationalized/date';
import type { GenreDate } from '../jours';

interface Props {
  genre: GenreDate;
  nom: string;
  valeur: string;
  onJour: (valeur: string) => void;
}

/** The day of a value; null when it is none. */
function jourDe(genre: GenreDate, valeur: string): CalendarDate | null {
  try {
    return genre === 'date' ? parseDate(valeur) : toCalendarDate(parseAbsoluteToLocal(valeur));
  } catch {
    return null;
  }
}

/** The same hour on another day; the hour of now where there was none. */
function instantLe({ year, month, day }: CalendarDate, valeur: string): string {
  const avant = new Date(valeur);
  const heure = Number.isNaN(avant.getTime()) ? new Date() : avant;
  return `${new Date(year, month - 1, day, heure.getHours(), heure.getMinutes()).toISOString().slice(0, 19)}Z`;
}

/** A button that opens a calendar on the day of a field. */
export function ChoixJour({ genre, nom, valeur, onJour }: Props) {
  const { t } = useLingui();
  return (
    <DialogTrigger>
      <Button className="bouton date-ouvrir" aria-label={t`Calendrier : ${nom}`}>
        <span aria-hidden="true">▾</span>
      </Button>
      <Popover className="volet-flottant" placement="bottom end">
        <Dialog className="volet-corps" aria-label={nom}>
          {({ close }) => (
            <Calendar
              className="calendrier"
              aria-label={nom}
              value={jourDe(genre, valeur)}
              onChange={(jour) => {
                onJour(genre === 'date' ? toCalendarDate(jour).toString() : instantLe(toCalendarDate(jour), valeur));
                close();
              }}
            >
              <header className="calendrier-tete">
                <Button slot="previous" className="bouton-nu">
                  <span aria-hidden="true">‹</span>
                </Button>
                <Heading className="calendrier-mois" />
                <Button slot="next" className="bouton-nu">
                  <span aria-hidden="true">›</span>
                </Button>
              </header>
              <CalendarGrid>
                <CalendarGridHeader>{(jour) => <CalendarHeaderCell>{jour}</CalendarHeaderCell>}</CalendarGridHeader>
                <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendrier-jour" />}</CalendarGridBody>
              </CalendarGrid>
            </Calendar>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
