/** Puts the page together. */
import { fitWithin } from "../shared/geometry";
import { parseSamples, type Sample } from "../shared/manifest";
import { isBackendChoice } from "../shared/protocol";
import { Announcer } from "./announce";
import { createColours } from "./colours";
import { createControls } from "./controls";
import { byId, fillStrings } from "./dom";
import { createGallery } from "./gallery";
import { listenForPictures, type Target } from "./inputs";
import { createLanguageControl, speakTheirLanguage } from "./language_control";
import { Library } from "./library";
import { isVideo } from "./live/film_file";
import { Live } from "./live/live";
import { measureWhenIdle, rememberedBackend } from "./measuring";
import { workOffline } from "./offline";
import { openWithFirstPicture } from "./opening";
import { Painter } from "./painter";
import { decode, fetchPicture, makeThumb, PictureError } from "./pictures";
import { createRegions } from "./regions/panel";
import { createSaving, type Picture } from "./saving";
import { createKeeper, readSettings, withChosenSamples, withSettings } from "./space/settings";
import { createSpace } from "./space/space";
import { STYLE_FILE } from "./space/style_file";
import { Stage } from "./stage";
import {
  addPhoto,
  addStyle,
  cancelTiles,
  choosePhoto,
  createStore,
  initialState,
  setColours,
  setMessage,
  setSize,
  setStrength,
  setStroke,
  setWeight,
  toggleStyle,
  withSamples,
  type Item,
  type State,
} from "./state";
import { credits, say, titles } from "./strings";
import { createTileProgress } from "./tile_progress";
import { createZoom } from "./zoom";

const language = await speakTheirLanguage();
fillStrings();
createLanguageControl(language);
const parameters = new URLSearchParams(location.search);
const asked = parameters.get("backend");
const settings = readSettings();
const choice = isBackendChoice(asked) ? asked : (settings?.backend ?? "auto");

const store = createStore(withSettings(initialState(choice), settings));
const library = new Library();
const stage = new Stage();
const announcer = new Announcer();
const tile = Number(parameters.get("tile"));
const largestRun = tile > 0 ? tile : null;
const modelUrl = new URL("model/", document.baseURI).href;
const painter = new Painter(store, library, stage, modelUrl, largestRun, rememberedBackend);

const photos = createGallery(byId("photos", HTMLElement), "radio", (id) => store.update((state) => choosePhoto(state, id)));
const styles = createGallery(byId("styles", HTMLElement), "checkbox", (id, on) =>
  store.update((state) => toggleStyle(state, id, on)),
);
const showControls = createControls(
  {
    onWeight: (id, weight) => store.update((state) => setWeight(state, id, weight)),
    onStrength: (strength) => store.update((state) => setStrength(state, strength)),
    onStroke: (stroke) => store.update((state) => setStroke(state, stroke)),
    onSize: (size) => store.update((state) => setSize(state, size)),
    onBackend: (backend) => void painter.start(backend),
  },
  store.state,
);
const showColours = createColours((change) => store.update((state) => setColours(state, change)));
const showTiles = createTileProgress(() => store.update(cancelTiles));
const status = byId("status", HTMLElement);
const message = byId("message", HTMLElement);
const showSaving = createSaving({
  picture: resultToSave,
  onMessage: (tone, sentence) => store.update((state) => setMessage(state, { tone, text: sentence })),
});

store.subscribe((state) => {
  photos.update(state.photos, new Set(state.photoId === null ? [] : [state.photoId]));
  styles.update(state.styles, new Set(state.active.map(({ id }) => id)));
  showControls(state);
  showColours(state);
  stage.update(state);
  showTiles(state);
  showSaving(state);
  showMessage(state);
  showStatus(state);
});

listenForPictures({
  onFiles: (target, files) => void addFiles(target, files),
  onNothing: (sentence) => store.update((state) => setMessage(state, { tone: "error", text: sentence })),
});
const space = createSpace(store, painter, library, settings);
store.subscribe(createKeeper(isBackendChoice(asked) ? asked : null, settings));
createRegions(store);
store.subscribe(createZoom());
openWithFirstPicture(store);
const live = new Live(store, painter, {
  side: Number(parameters.get("live")) || null,
  onPicture: (picture) => void addFiles("photo", [picture]),
  announce: (sentence) => announcer.later(sentence),
});
void loadSamples();
void painter.start(choice);
workOffline(store);
measureWhenIdle(store, painter, modelUrl, parameters.get("measure"));

if (parameters.has("debug")) {
  Object.assign(globalThis, { impasto: { memory: () => painter.memory(), state: () => store.state } });
}

function showStatus({ model, painted, painting, active, phase, photoSize, size, tiles }: State): void {
  let line = "";
  if (phase === "ready" && active.length === 0) line = say.pickPainting;
  else if (tiles && photoSize) {
    const { width, height } = fitWithin(photoSize, size);
    line = say.paintingTiles(tiles.total, width, height);
  }
  else if (model && painted) line = say.painted(model.backend, model.threads, painted.ms, painted.width, painted.height);
  else if (painting) line = say.painting;
  if (status.textContent === line) return;
  status.textContent = line;
  announcer.later(line);
}

function showMessage({ message: current }: State): void {
  message.hidden = current === null;
  message.className = `message ${current?.tone ?? ""}`;
  if (message.textContent !== (current?.text ?? "")) message.textContent = current?.text ?? "";
}

async function loadSamples(): Promise<void> {
  const base = new URL("samples/", document.baseURI);
  try {
    const response = await fetch(new URL("samples.json", base));
    const samples = parseSamples(await response.json());
    const item = (kind: Target, sample: Sample): Item => {
      const id = `sample-${kind}-${sample.id}`;
      const title = titles[sample.id] ?? sample.title;
      library.add(id, () => fetchPicture(new URL(sample.file, base).href, title));
      const credit = [sample.credit, sample.license].map((words) => credits[words] ?? words).join(", ");
      const size = { width: sample.width, height: sample.height };
      return { id, title, thumb: new URL(sample.thumb, base).href, credit, size };
    };
    const photoItems = samples.photos.map((sample) => item("photo", sample));
    const styleItems = samples.styles.map((sample) => item("style", sample));
    store.update((state) => withChosenSamples(withSamples(state, photoItems, styleItems), state, settings));
  } catch {
    store.update((state) => setMessage(state, { tone: "note", text: say.noSamples }));
  }
  space.samplesAreThere();
}

/** Adds the visitor's files one by one, so that a bad one does not keep the others out. */
async function addFiles(target: Target, files: readonly File[]): Promise<void> {
  const problems: string[] = [];
  for (const file of target === "photo" ? files.slice(0, 1) : files) {
    if (file.name.endsWith(STYLE_FILE)) {
      await space.openFile(file);
      continue;
    }
    if (target === "photo" && isVideo(file)) {
      await live.openFile(file);
      continue;
    }
    try {
      const bitmap = await decode(file, file.name);
      const id = `own-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
      const item = { id, title: file.name, thumb: await makeThumb(bitmap), credit: null };
      library.add(id, () => decode(file, file.name), bitmap);
      store.update((state) => (target === "photo" ? addPhoto(state, item) : addStyle(state, item)));
    } catch (error) {
      problems.push(error instanceof PictureError ? error.message : String(error));
    }
  }
  if (problems.length > 0) store.update((state) => setMessage(state, { tone: "error", text: problems.join(" ") }));
}

function resultToSave(): Picture | null {
  const { photoId, photos: items, painted } = store.state;
  const title = items.find(({ id }) => id === photoId)?.title ?? "";
  return painted === null ? null : { title, canvas: stage.result };
}
