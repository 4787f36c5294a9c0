/** Deutsch. */
import type { Language } from "./en";
import { formatsFor } from "./formats";

const formats = formatsFor("de");
const { number, percent, pixels, dimensions, duration, megabytes, wholeMegabytes, roughly, rate, plural, clock, timeInName } = formats;

const text: Language["text"] = {
  title: "Impasto: ein Foto malen im Stil von Gemälden",
  tagline: "Ein Foto malen im Stil von Gemälden.",
  privacy: "Ihre Bilder verlassen dieses Gerät nicht.",
  privacyLong:
    "Ihre Bilder verlassen dieses Gerät nicht. Das Netz, das sie malt, wurde an Ihren Browser gesendet und läuft in ihm; nichts wird hochgeladen. Bilder, die Sie hinzufügen, werden im Speicher dieses Browsers aufbewahrt, damit sie nach dem Neuladen noch da sind, bis Sie sie entfernen.",
  stage: "Ergebnis",
  compare: "Mit dem Foto vergleichen",
  photograph: "Foto",
  stylised: "Gemalt",
  download: "Speichern",
  format: "Format der Datei",
  copy: "Kopieren",
  photoHeading: "Foto",
  photoHint: "Wählen Sie eines oder viele, ziehen Sie sie oder einen Ordner auf die Seite, oder fügen Sie eines ein. Auch Videos gehen.",
  choosePhoto: "Foto wählen",
  stylesHeading: "Gemälde",
  stylesHint: "Wählen Sie zwei oder mehr, um sie zu mischen.",
  choosePaintings: "Gemälde wählen",
  blendHeading: "Mischung",
  blendEmpty: "Noch ist kein Gemälde gewählt.",
  zoom: "Vergrößerung des Bildes",
  zoomIn: "Vergrößern",
  zoomOut: "Verkleinern",
  zoomFit: "Einpassen",
  regionsHeading: "Bereiche",
  regionsHint:
    "Malen Sie Teile des Bildes in eigenen Stilen: Die Gemälde und die Mischung oben gehören zu dem Teil, der hier gewählt ist. Auf dem Bild bewegen die Pfeiltasten den Pinsel, und die Leertaste malt.",
  regionChoice: "Wessen Stil oben gewählt ist",
  background: "Hintergrund",
  addRegion: "Bereich hinzufügen",
  brushing: "Pinsel auf dem Bild",
  brushLabel: "Pinsel: Pfeiltasten bewegen ihn, die Leertaste malt",
  brushSize: "Größe des Pinsels",
  brushFeather: "Weicher Rand",
  erase: "Radieren",
  clearRegion: "Diesen Bereich leeren",
  removeRegion: "Entfernen",
  coloursHeading: "Farben",
  keepColours: "Farben des Fotos behalten",
  keepAmount: "Wie viel davon",
  recolour: "Gemälde zuerst umfärben",
  recolourHint: "Gibt den Gemälden die Farben des Fotos, bevor ihr Stil gelesen wird.",
  settingsHeading: "Einstellungen",
  strength: "Stärke",
  strengthHint: "0 % behält den eigenen Stil des Fotos; mehr als 100 % übertreibt die Mischung.",
  stroke: "Strichgröße",
  strokeHint: "Striche wachsen mit dem Bild, damit es in jeder Größe gleich aussieht. Weniger als 100 % macht sie feiner, mehr macht sie breiter.",
  size: "Größe",
  sizeHint: "Des Ergebnisses und der Datei. Ein größeres Bild hat schärfere Kanten und dauert länger.",
  fullSize: "Volle Größe",
  painter: "Maler",
  tryAgain: "Noch einmal versuchen",
  wrap: "Nahtlos wiederholbar",
  wrapHint: "Gegenüberliegende Ränder passen zusammen, sodass sich Kopien des Ergebnisses ohne Naht aneinanderlegen lassen.",
  cancel: "Abbrechen",
  backend: "Rechnet mit",
  language: "Sprache",
  dropPhoto: "Hier ablegen, um es als Foto zu verwenden",
  dropPainting: "Hier ablegen, um es als Gemälde zu verwenden",
  loading: "Das Modell wird geladen",
  updateReady: "Eine neue Version dieser Seite ist bereit. Ihre Bilder bleiben.",
  reload: "Jetzt neu laden",
  blendViews: "Wie gemischt wird",
  viewSliders: "Regler",
  viewMap: "Karte",
  map: "Karte der Stile",
  mapHint: "Ähnliche Stile liegen nah beieinander. Ziehen Sie die Marke oder bewegen Sie sie mit den Pfeiltasten: Sie malt mit denen um sie herum.",
  planeAcross: "waagerecht",
  planeUp: "senkrecht",
  viewPad: "Feld",
  pad: "Mischfeld",
  padHint: "Je näher die Marke einem Stil ist, desto mehr zählt er. Ziehen Sie sie oder nehmen Sie die Pfeiltasten.",
  padLimits: "Wählen Sie zwei bis acht Gemälde: Sie werden die Ecken des Feldes.",
  surprise: "Überraschung",
  seed: "Startwert",
  seedHint: "Derselbe Startwert ergibt dieselbe Mischung derselben Gemälde.",
  undo: "Rückgängig",
  redo: "Wiederholen",
  share: "Teilen und aufbewahren",
  shareHint: "Ein Link oder eine Datei enthält die Mischung als hundert Zahlen und ihre Stärke: kein Bild, und nichts wird hochgeladen.",
  copyLink: "Link kopieren",
  saveStyle: "Stil speichern",
  openStyle: "Stil öffnen",
  sharedStyle: "Geteilter Stil",
  linkCopied: "Der Link zu diesem Stil ist in der Zwischenablage.",
  linkInAddress: "Der Link zu diesem Stil steht jetzt in der Adresszeile. Kopieren Sie ihn von dort.",
  modelFirst: "Das Modell ist noch nicht bereit. Öffnen Sie den Stil, sobald es so weit ist.",
  camera: "Kamera",
  live: "Livebild",
  chooseVideo: "Video",
  takePicture: "Aufnehmen",
  keepFrame: "Dieses Bild behalten",
  play: "Abspielen",
  pause: "Pause",
  transport: "Wiedergabe",
  seek: "Stelle im Video",
  record: "Aufzeichnen",
  finishRecording: "Aufzeichnung beenden",
  saveVideo: "Als Video speichern",
  videoSize: "Größe des gespeicherten Videos",
  switchCamera: "Kamera wechseln",
  stopLive: "Beenden",
  forget: "Meine Bilder vergessen",
  forgetAsk: "Alle Bilder und Stile vergessen, die Sie hinzugefügt haben? Dieser Browser behält dann keines davon, auch nicht, was sich rückgängig machen lässt. Ihre Dateien bleiben, wo sie sind.",
  forgotten: "Ihre Bilder sind vergessen: Dieser Browser behält für diese Seite keines mehr.",
  notForgotten: "Nicht alles ließ sich aus dem Speicher dieses Browsers entfernen. Löschen Sie die Daten dieser Seite in den Einstellungen des Browsers.",
};

const backendNames: Language["backendNames"] = {
  auto: "Das Schnellste hier",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript (langsam)",
};

const tiles = (count: number): string => plural(count, { one: `${number(count)} Kachel`, other: `${number(count)} Kacheln` });

const say: Language["say"] = {
  loading: (done, total) => (done < total ? `Das Modell wird geladen: ${megabytes(done)} von ${megabytes(total)}` : "Das Modell wird vorbereitet"),
  painting: "Es wird gemalt …",
  paintingTiles: (count, width, height) => `${dimensions(width, height)} werden in ${tiles(count)} gemalt …`,
  tiles: (done, total) => `${number(done)} von ${tiles(total)} gemalt`,
  smallerTiles: (side) =>
    `Der Speicher war knapp, darum werden dieses und die folgenden Bilder in kleineren Kacheln gemalt, von höchstens ${dimensions(side, side)}.`,
  painted: (backend, threads, ms, width, height) =>
    `${backendNames[backend]}${threads > 1 ? `, ${plural(threads, { one: `${number(threads)} Thread`, other: `${number(threads)} Threads` })}` : ""} · ${duration(ms)} · ${dimensions(width, height)}`,
  pickPainting: "Wählen Sie mindestens ein Gemälde.",
  region: (index) => `Bereich ${number(index)}`,
  percent,
  pixels,
  dimensions,
  fullSize: (width, height) => `${dimensions(width, height)}, volle Größe`,
  shown: (part) => `${percent(part)} Foto`,
  credit: (title, credit) => `${title} (${credit})`,
  unavailable: (wanted, used) => `${backendNames[wanted]} funktioniert in diesem Browser nicht, darum wird ${backendNames[used]} verwendet.`,
  moved: (reason, from, to) => {
    if (reason === "faster") return `${backendNames[to]} ist hier schneller als ${backendNames[from]} und wird von jetzt an verwendet.`;
    if (from === to) return `Der Grafikprozessor hat kurz ausgesetzt, darum wurde ${backendNames[to]} neu gestartet.`;
    const cause = reason === "context-lost" ? "hat wieder ausgesetzt" : "hatte zu wenig Speicher für dieses Bild";
    return `${backendNames[from]} ${cause}, darum wird von jetzt an ${backendNames[to]} verwendet.`;
  },
  earlier: "Dieses Modell wurde von einer früheren Version exportiert. Es wird so benutzt, wie jene Version es tat. Wird es neu exportiert, so verschwindet dieser Satz.",
  unverified: "Die Prüfsummen des Modells konnten nicht verglichen werden, da diese Seite nicht über https geöffnet wurde.",
  copied: (width, height) => `In die Zwischenablage kopiert, ${dimensions(width, height)}.`,
  noClipboard:
    "Dieser Browser gibt der Seite keine Zwischenablage für Bilder (dazu braucht es https oder localhost). Laden Sie das Bild stattdessen herunter.",
  notCopied: "Der Browser ließ die Seite das Bild nicht kopieren. Erlauben Sie es, oder laden Sie das Bild herunter.",
  notEncoded: (format) => `Dieser Browser kann ein Bild dieser Größe nicht als ${format} schreiben. Wählen Sie ein anderes Format oder eine kleinere Größe.`,
  axis: (name, axis) => `${name}, ${axis}`,
  place: (part, meaning) => (meaning === "" ? percent(part) : `${percent(part)}: ${meaning}`),
  share: (title, part) => `${title} ${percent(part)}`,
  list: formats.list,
  comparing: (known, all) => `Die Stile werden verglichen: ${number(known)} von ${number(all)}`,
  noSamples: "Die Beispielbilder konnten nicht geladen werden. Wählen Sie ein eigenes Foto und eigene Gemälde.",
  ownStyles: (names) => `Dieses Modell malt in eigenen Stilen: ${names}. Gemälde sagen ihm nichts.`,
  remove: (title) => `„${title}“ entfernen`,
  removed: (title) => `„${title}“ wurde entfernt.`,
};

const painting: Language["painting"] = {
  names: { auto: "Fein, wo es schnell geht", fast: "Schnell", fine: "Fein" },
  by: { fast: "Maler: schnell", fine: "Maler: fein" },
  chosen: {
    fast: "Der schnelle Maler: breite Striche, sofort. Er malt auch Vorschauen und Filme.",
    fine: "Der feine Maler: feinere Striche und Kanten, in der drei- bis vierfachen Zeit.",
  },
  later: "Der schnelle Maler malt, bis der feine da ist, und wo das lange dauern würde.",
  preparing: "Der feine Maler wird vorbereitet.",
  fetching: (done: number, total: number): string => `Der feine Maler wird geladen: ${megabytes(done)} von ${megabytes(total)}`,
  failed: "Der feine Maler konnte nicht geladen werden, deshalb malt der schnelle.",
  quick: (ms: number): string => `Der feine Maler braucht auf diesem Gerät etwa ${duration(ms)} für diese Größe, deshalb malt er.`,
  slow: (ms: number): string =>
    `Der feine Maler würde auf diesem Gerät etwa ${duration(ms)} für diese Größe brauchen, deshalb malt der schnelle. Wählen Sie ihn, um ihn trotzdem zu haben.`,
};

const many: Language["many"] = {
  adding: (done, total) => `Ihre Bilder werden gelesen: ${number(done)} von ${number(total)}`,
  moreProblems: (count) => plural(count, { one: `${number(count)} weitere Datei konnte nicht verwendet werden.`, other: `${number(count)} weitere Dateien konnten nicht verwendet werden.` }),
  paintAll: (count) => `Alle ${number(count)} Fotos malen`,
  archive: "impasto-fotos.zip",
  archivePart: (part) => `impasto-fotos-${part}.zip`,
  noRoom: "Der Browser hat keinen Platz mehr für ein so großes Archiv. Wählen Sie eine kleinere Größe oder weniger Fotos.",
  begins: (count) => `${number(count)} Fotos werden gemalt.`,
  painting: (done, total, secondsLeft) => `${number(done)} von ${number(total)} Fotos gemalt${secondsLeft === null ? "" : `, noch ${roughly(secondsLeft)}`}`,
  painted: (done, total, name, stopped) => `${stopped ? "Angehalten: " : ""}${number(done)} von ${number(total)} Fotos sind gemalt. Sie liegen in „${name}“.`,
  furtherParts: (count) => plural(count, { one: `Es brauchte ${number(count)} weiteres Archiv; es liegt daneben.`, other: `Es brauchte ${number(count)} weitere Archive; sie liegen daneben.` }),
  nonePainted: "Das Malen aller Fotos wurde abgebrochen, bevor das erste fertig war; nichts wurde gespeichert.",
  notEncoded: (title, format) => `„${title}“ konnte nicht als ${format} geschrieben werden.`,
};

const film: Language["film"] = {
  starting: "Es geht gleich los …",
  waiting: "Das Modell ist noch nicht bereit.",
  preparing: (name) => `„${name}“ wird in seine Einzelbilder zerlegt…`,
  started: { camera: "Die Kamera ist an und wird live gemalt.", film: "Das Video läuft und wird live gemalt." },
  stopped: "Das Livebild ist beendet.",
  hidden: "Die Kamera wurde ausgeschaltet, während diese Seite nicht zu sehen war.",
  ended: "Die Kamera wurde ausgeschaltet oder abgesteckt.",
  rate: (width, height, perSecond) => `${dimensions(width, height)} · ${rate(perSecond)} Bilder pro Sekunde`,
  cameraTitle: "Kamera",
  pictureName: (time) => `Kamera ${timeInName(time)}.jpg`,
  recordingBegins: "Die Aufzeichnung läuft.",
  recording: (time) => `Aufzeichnung ${time}`,
  recorded: (name, seconds, width, height) => `${clock(seconds)} aufgezeichnet, ${dimensions(width, height)}: „${name}“ liegt bei Ihren Downloads.`,
  nothingRecorded: "Während der Aufzeichnung wurde nichts gemalt, darum gibt es keine Datei.",
  saveAs: (format) => `Als ${format} speichern`,
  exportBegins: "Jedes Einzelbild wird gemalt.",
  exportCancelled: "Das Speichern wurde abgebrochen.",
  exporting: (part, secondsLeft) => `${percent(part)} gemalt${secondsLeft === null ? "" : `, noch ${roughly(secondsLeft)}`}`,
  exported: (name, frames, width, height, soundLost) =>
    `${plural(frames, { one: `${number(frames)} Bild`, other: `${number(frames)} Bilder` })} gemalt, ${dimensions(width, height)}: „${name}“ liegt bei Ihren Downloads${soundLost ? ", ohne den Ton, den dieser Browser nicht umwandeln konnte" : ""}.`,
  position: (now, length) => (length === null ? clock(now) : `${clock(now)} von ${clock(length)}`),
};

const filmErrors: Language["filmErrors"] = {
  unplayable: (name) => `„${name}“ konnte von diesem Browser nicht abgespielt werden. Nehmen Sie ein Video in MP4 oder WebM.`,
  noPicture: (name) => `„${name}“ hat kein Bild, das dieser Browser zeigen kann, nur Ton.`,
  noAnimations: (name) => `„${name}“ bewegt sich, aber dieser Browser kann Animationen nicht zerlegen; gemalt wird darum das erste Einzelbild.`,
  oneOfMany: (name) => `„${name}“ bewegt sich; unter mehreren Dateien wird das erste Einzelbild genommen. Wählen Sie die Datei allein, um sie ganz zu malen.`,
};

const cameraErrors: Language["cameraErrors"] = {
  denied: `Diese Seite darf die Kamera nicht benutzen. Erlauben Sie es in den Einstellungen des Browsers für diese Seite und drücken Sie dann noch einmal „${text.camera}“.`,
  none: "An diesem Gerät wurde keine Kamera gefunden.",
  busy: "Die Kamera konnte nicht gestartet werden. Vielleicht benutzt sie ein anderes Programm.",
  insecure: "Browser lassen eine Seite die Kamera nur über https benutzen, und diese Seite wurde über http geöffnet.",
  failed: (detail) => `Die Kamera konnte nicht benutzt werden: ${detail}.`,
};

const recordErrors: Language["recordErrors"] = {
  noEncoder: "Dieser Browser kann keine Videos schreiben, darum wurde nichts aufgezeichnet.",
};

const exportErrors: Language["exportErrors"] = {
  noEncoder: "Dieser Browser kann keine Videos dieser Größe schreiben. Wählen Sie eine andere Größe, oder versuchen Sie es mit einem neueren Browser.",
  notDecoded: (name) => `„${name}“ lässt sich abspielen, aber dieser Browser kann es nicht in Einzelbilder zerlegen. Zeichnen Sie es auf, während es läuft.`,
};

const pictureErrors: Language["pictureErrors"] = {
  unreadable: (name) => `„${name}“ konnte nicht als Bild gelesen werden. Nehmen Sie eine Datei in JPEG, PNG oder WebP.`,
  heic: (name) => `„${name}“ ist ein HEIC-Foto, das dieser Browser nicht lesen kann. Speichern Sie es zuerst als JPEG.`,
  tooLarge: (name, limit) => `„${name}“ ist größer als ${wholeMegabytes(limit)}. Nehmen Sie eine kleinere Kopie.`,
  tooManyPixels: (name, limit) => `„${name}“ hat mehr als ${number(limit)} Millionen Pixel. Nehmen Sie eine kleinere Kopie.`,
  notFetched: (name) => `Das Beispiel „${name}“ konnte nicht vom Server geladen werden.`,
  nothing: "In dem, was Sie abgelegt oder eingefügt haben, war kein Bild.",
  changed: (name) => `„${name}“ wurde geändert, verschoben oder gelöscht, nachdem Sie es gewählt hatten. Wählen Sie es noch einmal.`,
  noFile: "Was Sie abgelegt haben, ist keine Datei, sondern Text, ein Link oder ein Bild einer anderen Seite. Speichern Sie das Bild zuerst und legen Sie seine Datei hier ab.",
  falsified: "Dieser Browser verfälscht, was eine Seite aus Bildern liest, damit Sie nicht wiedererkannt werden; Ergebnisse wären Rauschen. Erlauben Sie dieser Seite, Canvas-Daten zu lesen, oder nehmen Sie einen anderen Browser.",
};

const keepErrors: Language["keepErrors"] = {
  full: (name) => `Im Speicher dieses Browsers ist kein Platz mehr, darum ist „${name}“ nur hier, bis Sie diese Seite verlassen.`,
  forbidden: "Dieser Browser lässt die Seite nichts aufbewahren, darum sind Bilder, die Sie hinzufügen, nur hier, bis Sie sie verlassen.",
};

const shareErrors: Language["shareErrors"] = {
  damaged: "Dieser geteilte Stil ist beschädigt oder unvollständig. Kopieren Sie den ganzen Link, oder speichern Sie die Datei noch einmal.",
  version: "Dieser geteilte Stil wurde von einer neueren Version dieser Seite gemacht.",
  model: "Dieser geteilte Stil wurde mit einem anderen Modell gemacht, dessen Stile diesem nichts sagen.",
};

const errors: Language["errors"] = {
  "model-missing": (detail) => `Das Modell ist nicht auf dem Server: ${detail}. Es gehört in den Ordner „model“ neben dieser Seite; „make demo“ baut beides.`,
  "model-damaged": (detail) => `Das Modell auf dem Server ist beschädigt: ${detail}. Exportieren Sie es noch einmal mit „make page-data“.`,
  "no-backend": (detail) => `Das Modell läuft mit nichts, was dieser Browser bietet (${detail}). Versuchen Sie es mit einem neueren Browser.`,
  "context-lost": (detail) =>
    `Das Malen ist stehen geblieben: ${detail}. Öffnen Sie die Seite noch einmal, oder versuchen Sie „${backendNames.wasm}“ unter „${text.backend}“.`,
  "out-of-memory": (detail) => `Für diese Größe reicht der Speicher nicht: ${detail}. Wählen Sie eine kleinere Größe, oder schließen Sie andere Seiten.`,
  failed: (detail) => `Das Malen ist misslungen: ${detail}. Versuchen Sie eine kleinere Größe oder „${backendNames.wasm}“ unter „${text.backend}“.`,
};

const titles: Language["titles"] = {
  astronaut: "Die Astronautin Eileen Collins",
  chelsea: "Chelsea, die Katze",
  coffee: "Eine Tasse Kaffee",
  rocket: "Raketenstart",
  camera: "Mann mit Kamera",
  galaxies: "Hubble Deep Field",
  "swirls-4": "Goldene Spiralen",
  "stained-glass-7": "Rosettenfenster",
  "screen-print-1": "Siebdruck",
  "impasto-0": "Seerosen in dickem Öl",
  "impressionist-1": "Segel im Abendlicht",
  "fauve-0": "Blaues Porträt",
  "gestural-6": "Breiter Pinsel, rot und gold",
  "expressionist-5": "Kopf in Flammen",
  "old-master-3": "Birnen im Lampenlicht",
  "pointillism-3": "Blumen aus Punkten",
  "silk-7": "Gekämmte Farbe",
  "mosaic-5": "Mosaikkopf",
  "cubist-7": "Zerbrochene Blumen",
  "paper-cut-6": "Papierdünen",
  "colour-squares-7": "Gemalte Quadrate",
  "neoplastic-4": "Rechtecke in Grundfarben",
  "glazed-tiles-5": "Glasierte Fliesen",
  "hatching-1": "Feder und Tusche",
  "woodcut-1": "Holzschnitt in Ocker",
  "watercolour-6": "Lasuren auf Papier",
  "ink-wash-2": "Berge und Sonne",
  "woodblock-6": "Wellen vor einem Berg",
  "marbling-3": "Marmorpapier",
  "drip-3": "Geworfene Farbe",
  "contours-3": "Achat",
  "poured-3": "Gegossene Farbe",
};

const credits: Language["credits"] = { "Generated by Impasto": "Von Impasto erzeugt", "Public domain": "gemeinfrei" };

export const language: Language = {
  formats,
  text,
  backendNames,
  say,
  painting,
  many,
  film,
  filmErrors,
  cameraErrors,
  recordErrors,
  exportErrors,
  pictureErrors,
  keepErrors,
  shareErrors,
  errors,
  titles,
  credits,
};
