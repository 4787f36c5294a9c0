/** English: every sentence and label of the page. The other languages have the same keys, and their compiler sees to it. */
import type { MoveReason } from "../../engine/api";
import type { BackendChoice, BackendName, ErrorCode } from "../../shared/protocol";
import type { ShareProblem } from "../space/share_code";
import { formatsFor } from "./formats";

const formats = formatsFor("en-GB");
const { number, percent, pixels, dimensions, duration, megabytes, wholeMegabytes, roughly, rate, plural, clock, timeInName } = formats;

/** What never changes; index.html names these keys in data-text and data-label. */
const text = {
  title: "Impasto: paint a photograph with the styles of paintings",
  tagline: "Paint a photograph with the styles of paintings.",
  privacy: "Your pictures never leave this machine.",
  privacyLong:
    "Your pictures never leave this machine. The network that paints them was sent to your browser, and runs in it; nothing is uploaded. Pictures that you add are kept in this browser's own storage, so that they are here after a reload, until you take them away.",
  stage: "Result",
  compare: "Compare with the photograph",
  photograph: "Photograph",
  stylised: "Stylised",
  download: "Download",
  format: "Format of the download",
  copy: "Copy",
  photoHeading: "Photograph",
  photoHint: "Choose one or many, drop them or a folder anywhere, or paste. Videos work, too.",
  choosePhoto: "Choose a photo",
  stylesHeading: "Paintings",
  stylesHint: "Pick two or more to blend.",
  choosePaintings: "Add paintings",
  blendHeading: "Blend",
  blendEmpty: "No painting is chosen yet.",
  zoom: "Zoom of the picture",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomFit: "Fit",
  regionsHeading: "Regions",
  regionsHint:
    "Paint parts of the picture in styles of their own: the paintings and the blend above are those of the part chosen here. On the picture, arrow keys move the brush and Space paints.",
  regionChoice: "Whose style is chosen above",
  background: "Background",
  addRegion: "Add a region",
  brushing: "Brush on the picture",
  brushLabel: "Brush: arrow keys move it, Space paints",
  brushSize: "Brush size",
  brushFeather: "Soft edge",
  erase: "Erase",
  clearRegion: "Clear this region",
  removeRegion: "Remove it",
  coloursHeading: "Colours",
  keepColours: "Keep the photograph's colours",
  keepAmount: "How much of them",
  recolour: "Recolour the paintings first",
  recolourHint: "Gives the paintings the photograph's colours before their style is read.",
  settingsHeading: "Settings",
  strength: "Strength",
  strengthHint: "0% keeps the photograph's own style; more than 100% exaggerates the blend.",
  stroke: "Stroke size",
  strokeHint: "Strokes grow with the picture, so that it looks alike at every size. Less than 100% makes them finer, more makes them broader.",
  size: "Size",
  sizeHint: "Of the result and of its download. A larger picture has sharper edges, and takes longer.",
  fullSize: "Full size",
  painter: "Painter",
  tryAgain: "Try again",
  wrap: "Wrap around",
  wrapHint: "Opposite borders meet, so that copies of the result can be laid side by side without a seam.",
  cancel: "Cancel",
  backend: "Runs on",
  language: "Language",
  dropPhoto: "Drop here to use it as the photograph",
  dropPainting: "Drop here to use it as a painting",
  loading: "Fetching the model",
  updateReady: "A new version of this page is ready. Your pictures stay.",
  reload: "Reload now",
  blendViews: "How to blend",
  viewSliders: "Sliders",
  viewMap: "Map",
  map: "Map of styles",
  mapHint: "Similar styles lie near each other. Drag the marker, or move it with the arrow keys: it paints with those around it.",
  planeAcross: "across",
  planeUp: "up",
  viewPad: "Pad",
  pad: "Blend pad",
  padHint: "The nearer the marker is to a style, the more that style has to say. Drag it, or use the arrow keys.",
  padLimits: "Choose two to eight paintings: they become the corners of the pad.",
  surprise: "Surprise me",
  seed: "Seed",
  seedHint: "The same seed gives the same blend of the same gallery.",
  undo: "Undo",
  redo: "Redo",
  share: "Share and keep",
  shareHint: "A link or a file holds the blend as a hundred numbers, and its strength: no picture, and nothing is uploaded.",
  copyLink: "Copy link",
  saveStyle: "Save style",
  openStyle: "Open style",
  sharedStyle: "Shared style",
  linkCopied: "The link to this style is on the clipboard.",
  linkInAddress: "The link to this style is in the address bar now. Copy it from there.",
  modelFirst: "The model is not ready yet. Open the style once it is.",
  camera: "Camera",
  live: "Live picture",
  chooseVideo: "Video",
  takePicture: "Take picture",
  keepFrame: "Keep this frame",
  play: "Play",
  pause: "Pause",
  transport: "Playing",
  seek: "Position in the video",
  record: "Record",
  finishRecording: "Finish recording",
  saveVideo: "Save as video",
  videoSize: "Size of the saved video",
  switchCamera: "Switch camera",
  stopLive: "Stop",
  forget: "Forget my pictures",
  forgetAsk: "Forget all pictures and styles that you added? This browser keeps none of them then, nor what can be undone. Your files stay where they are.",
  forgotten: "Your pictures are forgotten: this browser keeps none of them for this page any more.",
  notForgotten: "Not everything could be removed from this browser's storage. Clear this page's data in the browser's settings.",
};

const backendNames: Record<BackendChoice, string> = {
  auto: "Fastest available",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript (slow)",
};

const say = {
  loading: (done: number, total: number): string =>
    done < total ? `Fetching the model: ${megabytes(done)} of ${megabytes(total)}` : "Preparing the model",
  painting: "Painting…",
  paintingTiles: (tiles: number, width: number, height: number): string =>
    `Painting ${dimensions(width, height)} in ${plural(tiles, { one: `${number(tiles)} tile`, other: `${number(tiles)} tiles` })}…`,
  tiles: (done: number, total: number): string => `${number(done)} of ${plural(total, { one: `${number(total)} tile`, other: `${number(total)} tiles` })} painted`,
  smallerTiles: (side: number): string =>
    `Memory was short, so this picture and those to come are painted in smaller tiles, of ${dimensions(side, side)} at most.`,
  painted: (backend: BackendName, threads: number, ms: number, width: number, height: number): string =>
    `${backendNames[backend]}${threads > 1 ? `, ${plural(threads, { one: `${number(threads)} thread`, other: `${number(threads)} threads` })}` : ""} · ${duration(ms)} · ${dimensions(width, height)}`,
  pickPainting: "Choose at least one painting.",
  region: (index: number): string => `Region ${number(index)}`,
  percent,
  pixels,
  dimensions,
  fullSize: (width: number, height: number): string => `${dimensions(width, height)}, full size`,
  shown: (part: number): string => `${percent(part)} photograph`,
  credit: (title: string, credit: string): string => `${title} (${credit})`,
  unavailable: (wanted: BackendName, used: BackendName): string =>
    `${backendNames[wanted]} does not work in this browser, so ${backendNames[used]} is used.`,
  moved: (reason: MoveReason, from: BackendName, to: BackendName): string => {
    if (reason === "faster") return `${backendNames[to]} turned out to be faster here than ${backendNames[from]}, and is used from now on.`;
    if (from === to) return `The graphics processor stopped for a moment, so ${backendNames[to]} was started again.`;
    const cause = reason === "context-lost" ? "stopped again" : "had too little memory for this picture";
    return `${backendNames[from]} ${cause}, so ${backendNames[to]} is used from now on.`;
  },
  earlier: "This model was exported by an earlier version. It is used as that version did. Export it again, and this sentence goes away.",
  unverified: "The model's checksums could not be compared, since this page was not opened over https.",
  copied: (width: number, height: number): string => `Copied to the clipboard, ${dimensions(width, height)}.`,
  noClipboard: "This browser gives the page no clipboard for pictures (it needs https, or localhost). Download the picture instead.",
  notCopied: "The browser did not let the page copy the picture. Allow it, or download the picture instead.",
  notEncoded: (format: string): string => `This browser cannot write a picture of this size as ${format}. Choose another format, or a smaller size.`,
  /** Name of one value of a slider in two dimensions. */
  axis: (name: string, axis: string): string => `${name}, ${axis}`,
  /** Its value: the place, and what the place means. */
  place: (part: number, meaning: string): string => (meaning === "" ? percent(part) : `${percent(part)}: ${meaning}`),
  share: (title: string, part: number): string => `${title} ${percent(part)}`,
  list: formats.list,
  comparing: (known: number, all: number): string => `Comparing the styles: ${number(known)} of ${number(all)}`,
  noSamples: "The sample pictures could not be fetched. Choose a photo and paintings of your own.",
  ownStyles: (names: string): string => `This model paints in styles of its own: ${names}. Paintings mean nothing to it.`,
  remove: (title: string): string => `Remove “${title}”`,
  removed: (title: string): string => `“${title}” was removed.`,
};

/** The two painters of photographs; see painters/choosing.ts. */
const painting = {
  names: { auto: "Fine where it is quick", fast: "Fast", fine: "Fine" },
  /** After a picture's size. */
  by: { fast: "painter: fast", fine: "painter: fine" },
  chosen: {
    fast: "The fast painter: broad strokes, at once. It also paints previews and films.",
    fine: "The fine painter: finer strokes and edges, in three to four times the time.",
  },
  later: "The fast painter paints until the fine one is there, and where that would take long.",
  preparing: "The fine painter is being prepared.",
  fetching: (done: number, total: number): string => `The fine painter is being fetched: ${megabytes(done)} of ${megabytes(total)}`,
  failed: "The fine painter could not be fetched, so the fast one paints.",
  quick: (ms: number): string => `The fine painter takes about ${duration(ms)} for this size on this machine, so it paints.`,
  slow: (ms: number): string =>
    `The fine painter would take about ${duration(ms)} for this size on this machine, so the fast one paints. Choose it to have it all the same.`,
};

/** Many photographs at once. */
const many = {
  adding: (done: number, total: number): string => `Reading your pictures: ${number(done)} of ${number(total)}`,
  moreProblems: (count: number): string => plural(count, { one: `${number(count)} more file could not be used.`, other: `${number(count)} more files could not be used.` }),
  paintAll: (count: number): string => `Paint all ${number(count)} photos`,
  archive: "impasto-photos.zip",
  archivePart: (part: number): string => `impasto-photos-${part}.zip`,
  noRoom: "The browser has no room left for an archive this large. Choose a smaller size, or fewer photos.",
  begins: (count: number): string => `${number(count)} photos are being painted.`,
  painting: (done: number, total: number, secondsLeft: number | null): string =>
    `${number(done)} of ${number(total)} photos painted${secondsLeft === null ? "" : `, ${roughly(secondsLeft)} left`}`,
  painted: (done: number, total: number, name: string, stopped: boolean): string =>
    `${stopped ? "Stopped: " : ""}${number(done)} of ${number(total)} photos are painted. They are in “${name}”.`,
  furtherParts: (count: number): string => plural(count, { one: `${number(count)} more archive was needed, and lies beside it.`, other: `${number(count)} more archives were needed, and lie beside it.` }),
  nonePainted: "Painting all photos was cancelled before the first one was done; nothing was saved.",
  notEncoded: (title: string, format: string): string => `“${title}” could not be written as ${format}.`,
};

/** A camera or a film in the photograph's place. */
const film = {
  starting: "Starting…",
  waiting: "The model is not ready yet.",
  preparing: (name: string): string => `“${name}” is being taken apart into its frames…`,
  started: { camera: "The camera is on, and painted live.", film: "The video is playing, and painted live." },
  stopped: "The live picture has ended.",
  hidden: "The camera was switched off while this page was not to be seen.",
  ended: "The camera was switched off or unplugged.",
  rate: (width: number, height: number, perSecond: number): string =>
    `${dimensions(width, height)} · ${rate(perSecond)} frames a second`,
  cameraTitle: "Camera",
  pictureName: (time: Date): string => `Camera ${timeInName(time)}.jpg`,
  recordingBegins: "Recording.",
  recording: (time: string): string => `Recording ${time}`,
  recorded: (name: string, seconds: number, width: number, height: number): string =>
    `Recorded ${clock(seconds)}, ${dimensions(width, height)}: “${name}” is among your downloads.`,
  nothingRecorded: "Nothing was painted while recording, so there is no file.",
  saveAs: (format: string): string => `Save as ${format}`,
  exportBegins: "Every frame is being painted.",
  exportCancelled: "Saving was cancelled.",
  exporting: (part: number, secondsLeft: number | null): string =>
    `${percent(part)} painted${secondsLeft === null ? "" : `, ${roughly(secondsLeft)} left`}`,
  exported: (name: string, frames: number, width: number, height: number, soundLost: boolean): string =>
    `${plural(frames, { one: `${number(frames)} frame`, other: `${number(frames)} frames` })} painted, ${dimensions(width, height)}: “${name}” is among your downloads${soundLost ? ", without its sound, which this browser could not convert" : ""}.`,
  /** Where a film is, and how long it is where that is known; in seconds. */
  position: (now: number, duration: number | null): string => (duration === null ? clock(now) : `${clock(now)} of ${clock(duration)}`),
};

/** One sentence for each way in which a video file cannot be used. */
const filmErrors = {
  unplayable: (name: string): string => `“${name}” could not be played by this browser. Use an MP4 or WebM video.`,
  noPicture: (name: string): string => `“${name}” has no picture that this browser can show, only sound.`,
  noAnimations: (name: string): string => `“${name}” moves, but this browser cannot take animations apart, so its first frame is painted.`,
  oneOfMany: (name: string): string => `“${name}” moves; among several files its first frame is taken. Choose it alone to paint all of it.`,
};

/** One sentence for each way in which a camera cannot be used. */
const cameraErrors = {
  denied: `This page may not use the camera. Allow it in the browser's settings for this page, then press “${text.camera}” again.`,
  none: "No camera was found on this machine.",
  busy: "The camera could not be started. Another program may be using it.",
  insecure: "Browsers let a page use the camera over https only, and this page was opened over http.",
  failed: (detail: string): string => `The camera could not be used: ${detail}.`,
};

const recordErrors = {
  noEncoder: "This browser cannot write videos, so nothing was recorded.",
};

const exportErrors = {
  noEncoder: "This browser cannot write videos of this size. Choose another size, or try a newer browser.",
  notDecoded: (name: string): string => `“${name}” can be played, but this browser cannot take it apart frame by frame. Record it while it plays.`,
};

/** One sentence for each way in which a picture cannot be used. */
const pictureErrors = {
  unreadable: (name: string): string => `“${name}” could not be read as a picture. Use a JPEG, PNG or WebP file.`,
  heic: (name: string): string => `“${name}” is a HEIC photo, which this browser cannot read. Save it as JPEG first.`,
  tooLarge: (name: string, limit: number): string => `“${name}” is larger than ${wholeMegabytes(limit)}. Use a smaller copy.`,
  tooManyPixels: (name: string, limit: number): string =>
    `“${name}” has more than ${number(limit)} million pixels. Use a smaller copy.`,
  notFetched: (name: string): string => `The sample “${name}” could not be fetched from the server.`,
  nothing: "There was no picture in what you dropped or pasted.",
  changed: (name: string): string => `“${name}” was changed, moved or deleted after you chose it. Choose it again.`,
  noFile: "What you dropped is no file: text, a link, or a picture of another page. Save the picture first, and drop its file here.",
  falsified: "This browser falsifies what a page reads from pictures, to protect you from being recognised, so results would be noise. Allow this page to read canvas data, or use another browser.",
};

/** Why a picture that is there cannot be kept. */
const keepErrors = {
  full: (name: string): string => `There is no room left in this browser's storage, so “${name}” is here only until you leave this page.`,
  forbidden: "This browser does not let the page keep anything, so pictures that you add are here only until you leave.",
};

/** Why a shared style cannot be used. */
const shareErrors: Record<ShareProblem, string> = {
  damaged: "This shared style is damaged or incomplete. Copy the whole link, or save the file again.",
  version: "This shared style was made by a newer version of this page.",
  model: "This shared style was made with another model, whose styles mean nothing to this one.",
};

const errors: Record<ErrorCode, (detail: string) => string> = {
  "model-missing": (detail) => `The model is not on the server: ${detail}. It belongs into the folder “model” beside this page; “make demo” builds both.`,
  "model-damaged": (detail) => `The model on the server is damaged: ${detail}. Export it again with “make page-data”.`,
  "no-backend": (detail) => `The model runs on no backend of this browser (${detail}). Try a newer browser.`,
  "context-lost": (detail) => `Painting stopped: ${detail}. Open the page again, or try “${backendNames.wasm}” under “${text.backend}”.`,
  "out-of-memory": (detail) => `There is not enough memory for this size: ${detail}. Choose a smaller size, or close other pages.`,
  failed: (detail) => `Painting failed: ${detail}. Try a smaller size, or “${backendNames.wasm}” under “${text.backend}”.`,
};

/** Titles of the samples, by their ids, where they are not in English; and what stands below them. */
const titles: Readonly<Record<string, string>> = {};
const credits: Readonly<Record<string, string>> = {};

export const english = {
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

export type Language = typeof english;
