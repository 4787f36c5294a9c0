/** Puts the page together. */
import { fitWithin } from "../shared/geometry";
import { parseSamples, type Sample } from "../shared/manifest";
import { isBackendChoice } from "../shared/protocol";
import { Adding } from "./adding";
import { Announcer } from "./announce";
import { createColours } from "./colours";
import { createControls } from "./controls";
import { byId, fillStrings, write } from "./dom";
import { fileOf } from "./finishing";
import { createForgetting } from "./forgetting";
import { createGallery } from "./gallery";
import { listenForPictures, type Target } from "./inputs";
import { createLanguageControl, speakTheirLanguage } from "./language_control";
import { Keeping } from "./keeping/keeping";
import { Library } from "./library";
import { Live } from "./live/live";
import { PaintAll } from "./many/paint_all";
import { measureWhenIdle, rememberedBackend } from "./measuring";
import { workOffline } from "./offline";
import { showModelStyles } from "./model_styles";
import { openWithFirstPicture } from "./opening";
import { OwnPictures } from "./own_pictures";
import { Painter } from "./painter";
import { isPainterChoice } from "./painters/choosing";
import { fetchFineWhenWorth } from "./painters/fetching";
import { fetchPicture } from "./pictures";
import { prepareReading } from "./reading";
import { createRegions } from "./regions/panel";
import { createSaving, type Picture } from "./saving";
import { choicesOf, EMPTY } from "./space/history";
import { createKeeper, readSettings, withChosenSamples, withSettings } from "./space/settings";
import { createSpace } from "./space/space";
import { parseVectors } from "./sample_vectors";
import { Stage } from "./stage";
import {
  cancelTiles,
  choosePhoto,
  createStore,
  initialState,
  setColours,
  setFormat,
  setMessage,
  setPainter,
  setSize,
  setStrength,
  setStroke,
  setWeight,
  setWrap,
  toggleStyle,
  withSamples,
  type Item,
  type State,
} from "./state";
import { credits, painting, say, text, titles } from "./strings";
import { createTileProgress } from "./tile_progress";
import { createZoom } from "./zoom";

const language = await speakTheirLanguage();
fillStrings();
createLanguageControl(language);
prepareReading();
const parameters = new URLSearchParams(location.search);
const [askedBackend, askedPainter] = [parameters.get("backend"), parameters.get("painter")];
const asked = { backend: isBackendChoice(askedBackend) ? askedBackend : null, painter: isPainterChoice(askedPainter) ? askedPainter : null };
const settings = readSettings();
const choice = asked.backend ?? settings?.backend ?? "auto";

const remembered = withSettings(initialState(choice), settings);
const store = createStore(asked.painter === null ? remembered : setPainter(remembered, asked.painter));
const library = new Library();
const stage = new Stage();
const announcer = new Announcer();
const tile = Number(parameters.get("tile"));
const largestRun = tile > 0 ? tile : null;
const modelUrl = new URL("model/", document.baseURI).href;
const painter = new Painter(store, library, stage, modelUrl, largestRun, rememberedBackend);

const photos = createGallery(byId("photos", HTMLElement), "radio", {
  onChange: (id) => store.update((state) => choosePhoto(state, id)),
  onRemove: (id) => void own.remove(id),
});
const styles = createGallery(byId("styles", HTMLElement), "checkbox", {
  onChange: (id, on) => store.update((state) => toggleStyle(state, id, on)),
  onRemove: (id) => void own.remove(id),
});
const showControls = createControls(
  {
    onWeight: (id, weight) => store.update((state) => setWeight(state, id, weight)),
    onStrength: (strength) => store.update((state) => setStrength(state, strength)),
    onStroke: (stroke) => store.update((state) => setStroke(state, stroke)),
    onSize: (size) => store.update((state) => setSize(state, size)),
    onWrap: (on) => store.update((state) => setWrap(state, on)),
    onPainter: (choice) => store.update((state) => setPainter(state, choice)),
    onFetchPainter: () => fetchFine(),
    onBackend: (backend) => void painter.start(backend),
  },
  store.state,
);
const showColours = createColours((change) => store.update((state) => setColours(state, change)));
const showTiles = createTileProgress(() => store.update(cancelTiles));
const status = byId("status", HTMLElement);
/** A longer line would move what is below it. */
const narrow = matchMedia("(max-width: 48rem)");
const message = byId("message", HTMLElement);
const showSaving = createSaving({
  picture: resultToSave,
  onFormat: (type) => store.update((state) => setFormat(state, type)),
  onMessage: (tone, sentence) => store.update((state) => setMessage(state, { tone, text: sentence })),
});
const showForgetting = createForgetting(() => void forget());

store.subscribe((state) => {
  if (state.painted !== null || state.phase === "failed") for (const gallery of [photos, styles]) gallery.fetchAll();
  photos.update(state.photos, new Set(state.photoId === null ? [] : [state.photoId]));
  styles.update(state.styles, new Set(state.active.map(({ id }) => id)));
  showControls(state);
  showColours(state);
  stage.update(state);
  showTiles(state);
  showSaving(state);
  showForgetting(state);
  showMessage(state);
  showStatus(state);
});

listenForPictures({
  onFiles: (target, files) => void adding.add(target, files),
  onNothing: (sentence) => store.update((state) => setMessage(state, { tone: "error", text: sentence })),
});
const space = createSpace(store, painter, library, settings, (id, title, vector, fingerprint) =>
  keeping.keepVector(id, { kind: "vector", title, vector, fingerprint, added: Date.now() }),
);
const keeping = new Keeping(store, () => space.history.current(), () => own.dropAll());
const own = new OwnPictures(store, library, keeping);
const adding = new Adding(store, own, { openStyle: (file) => space.openFile(file), openFilm: (file) => live.openFile(file), openAnimation: (file, type) => live.openAnimation(file, type) });
store.subscribe(createKeeper(asked, settings));
createRegions(store);
showModelStyles(store, library);
store.subscribe(createZoom());
openWithFirstPicture(store);
new PaintAll(store, painter, library, (sentence) => announcer.later(sentence));
const live = new Live(store, painter, {
  side: Number(parameters.get("live")) || null,
  onPicture: (picture) => void adding.add("photo", [picture]),
  announce: (sentence) => announcer.later(sentence),
});
const fetchFine = fetchFineWhenWorth(store, painter);
void begin();
void painter.start(choice);
workOffline(store);
measureWhenIdle(store, painter, modelUrl, parameters.get("measure"));

if (parameters.has("debug")) {
  Object.assign(globalThis, { impasto: { memory: () => painter.memory(), state: () => store.state, kept: () => library.bytes } });
}

function showStatus({ model, painted, painting: busy, fine, active, phase, photoSize, size, tiles }: State): void {
  let line = "";
  if (phase === "ready" && active.length === 0) line = say.pickPainting;
  else if (tiles && photoSize) {
    const { width, height } = fitWithin(photoSize, size);
    line = say.paintingTiles(tiles.total, width, height);
  }
  else if (model && painted) {
    line = say.painted(model.backend, model.threads, painted.ms, painted.width, painted.height);
    // Worth telling where there are two, and room for it; its control tells it everywhere.
    if (fine.status !== "absent" && !narrow.matches) line = `${line} · ${painting.by[painted.painter]}`;
  }
  else if (busy) line = say.painting;
  if (status.textContent === line) return;
  status.textContent = line;
  announcer.later(line);
}

function showMessage({ message: current }: State): void {
  message.hidden = current === null;
  message.className = `message ${current?.tone ?? ""}`;
  write(message, current?.text ?? "");
}

/** Samples and what is kept from before, at once: what is painted first is what was painted last. */
async function begin(): Promise<void> {
  const before = store.state;
  const [samples, kept] = await Promise.all([fetchSamples(), keeping.open()]);
  own.restore(kept.records);
  const { photoId, active } = store.state;
  const untouched = photoId === before.photoId && active === before.active;
  store.update((state) => withChosenSamples(withSamples(state, samples.photos, samples.styles), state, settings));
  if (kept.history !== null && untouched) space.history.restore(kept.history);
  space.samplesAreThere();
}

async function fetchSamples(): Promise<Record<"photos" | "styles", Item[]>> {
  const base = new URL("samples/", document.baseURI);
  const fetched = async (name: string): Promise<unknown> => (await fetch(new URL(name, base))).json();
  // Without the vectors the paintings are looked at, which takes the style predictor.
  const vectors = fetched("vectors.json").then(parseVectors).catch(() => null);
  const item = (kind: Target, sample: Sample): Item => {
    const id = `sample-${kind}-${sample.id}`;
    const title = titles[sample.id] ?? sample.title;
    library.add(id, () => fetchPicture(new URL(sample.file, base).href, title));
    const credit = [sample.credit, sample.license].map((words) => credits[words] ?? words).join(", ");
    const size = { width: sample.width, height: sample.height };
    return { id, title, thumb: new URL(sample.thumb, base).href, credit, size };
  };
  try {
    const samples = parseSamples(await fetched("samples.json"));
    const known = await vectors;
    for (const [id, vector] of Object.entries(known?.styles ?? {})) library.know(`sample-style-${id}`, known?.model ?? "", vector);
    return { photos: samples.photos.map((sample) => item("photo", sample)), styles: samples.styles.map((sample) => item("style", sample)) };
  } catch {
    store.update((state) => setMessage(state, { tone: "note", text: say.noSamples }));
    return { photos: [], styles: [] };
  }
}

/** Everything that the visitor added goes, from this page, from its other tabs, and from the browser. */
async function forget(): Promise<void> {
  own.dropAll();
  space.history.restore({ ...EMPTY, present: choicesOf(store.state) });
  const done = await keeping.forget();
  store.update((state) => setMessage(state, done ? { tone: "note", text: text.forgotten } : { tone: "error", text: text.notForgotten }));
}

function resultToSave(): Picture | null {
  const { photoId, photos: items, painted } = store.state;
  const title = items.find(({ id }) => id === photoId)?.title ?? "";
  if (painted === null || photoId === null) return null;
  return { title, canvas: stage.result, file: (format) => fileOf(stage.result, format, library, photoId) };
}
