/** Every sentence of the page, in one place, ready for translation. Keys of `text` are used in index.html as data-text. */
import type { MoveReason } from "../engine/api";
import type { ShareProblem } from "./space/share_code";
import type { BackendChoice, BackendName, ErrorCode } from "../shared/protocol";

export const text = {
  tagline: "Paint a photograph with the styles of paintings.",
  privacy: "Your pictures never leave this machine.",
  privacyLong:
    "Your pictures never leave this machine. The network that paints them was sent to your browser, and runs in it; nothing is uploaded.",
  stage: "Result",
  compare: "Compare with the photograph",
  photograph: "Photograph",
  stylised: "Stylised",
  download: "Download",
  format: "Format of the download",
  copy: "Copy",
  photoHeading: "Photograph",
  photoHint: "Choose one, drop it anywhere, or paste it. Videos work, too.",
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
  strengthHint: "0 % keeps the photograph's own style; more than 100 % exaggerates the blend.",
  size: "Size",
  sizeHint: "Of the result and of its download. Strokes keep their width in pixels: a larger picture has finer ones, and takes longer.",
  fullSize: "Full size",
  cancel: "Cancel",
  backend: "Runs on",
  dropPhoto: "Drop here to use it as the photograph",
  dropPainting: "Drop here to use it as a painting",
  loading: "Fetching the model",
  updateReady: "A new version of this page is ready. Reloading forgets the pictures that you added.",
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
} as const;

export const backendNames: Record<BackendChoice, string> = {
  auto: "Fastest available",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript (slow)",
};

export const say = {
  loading: (done: number, total: number): string =>
    done < total ? `Fetching the model: ${megabytes(done)} of ${megabytes(total)} MB` : "Preparing the model",
  painting: "Painting…",
  paintingTiles: (tiles: number, width: number, height: number): string =>
    `Painting ${width} × ${height} px in ${tiles} tiles…`,
  tiles: (done: number, total: number): string => `${done} of ${total} tiles painted`,
  smallerTiles: (side: number): string =>
    `Memory was short, so this picture and those to come are painted in smaller tiles, of ${side} × ${side} px at most.`,
  painted: (backend: BackendName, threads: number, ms: number, width: number, height: number): string =>
    `${backendNames[backend]}${threads > 1 ? `, ${threads} threads` : ""} · ${duration(ms)} · ${say.dimensions(width, height)}`,
  pickPainting: "Choose at least one painting.",
  region: (number: number): string => `Region ${number}`,
  percent: (value: number): string => `${value} %`,
  pixels: (value: number): string => `${value} px`,
  dimensions: (width: number, height: number): string => `${width} × ${height} px`,
  fullSize: (width: number, height: number): string => `${width} × ${height} px, full size`,
  shown: (percent: number): string => `${percent} % photograph`,
  credit: (title: string, credit: string): string => `${title} (${credit})`,
  unavailable: (wanted: BackendName, used: BackendName): string =>
    `${backendNames[wanted]} does not work in this browser, so ${backendNames[used]} is used.`,
  moved: (reason: MoveReason, from: BackendName, to: BackendName): string => {
    if (reason === "faster") return `${backendNames[to]} turned out to be faster here than ${backendNames[from]}, and is used from now on.`;
    if (from === to) return `The graphics processor stopped for a moment, so ${backendNames[to]} was started again.`;
    const cause = reason === "context-lost" ? "stopped again" : "had too little memory for this picture";
    return `${backendNames[from]} ${cause}, so ${backendNames[to]} is used from now on.`;
  },
  unverified: "The model's checksums could not be compared, since this page was not opened over https.",
  copied: (width: number, height: number): string => `Copied to the clipboard, ${say.dimensions(width, height)}.`,
  noClipboard: "This browser gives the page no clipboard for pictures (it needs https, or localhost). Download the picture instead.",
  notCopied: "The browser did not let the page copy the picture. Allow it, or download the picture instead.",
  notEncoded: (format: string): string => `This browser cannot write a picture of this size as ${format}. Choose another format, or a smaller size.`,
  /** Name of one value of a slider in two dimensions. */
  axis: (name: string, axis: string): string => `${name}, ${axis}`,
  /** Its value: the place, and what the place means. */
  place: (percent: number, meaning: string): string => (meaning === "" ? say.percent(percent) : `${percent} %: ${meaning}`),
  share: (title: string, percent: number): string => `${title} ${percent} %`,
  comparing: (known: number, all: number): string => `Comparing the styles: ${known} of ${all}`,
  noSamples: "The sample pictures could not be fetched. Choose a photo and paintings of your own.",
};

/** A camera or a film in the photograph's place. */
export const film = {
  starting: "Starting…",
  waiting: "The model is not ready yet.",
  started: { camera: "The camera is on, and painted live.", film: "The video is playing, and painted live." },
  stopped: "The live picture has ended.",
  hidden: "The camera was switched off while this page was not to be seen.",
  ended: "The camera was switched off or unplugged.",
  rate: (width: number, height: number, perSecond: number): string =>
    `${say.dimensions(width, height)} · ${perSecond < 9.95 ? perSecond.toFixed(1) : Math.round(perSecond)} frames a second`,
  cameraTitle: "Camera",
  pictureName: (time: Date): string => `Camera ${time.toTimeString().slice(0, 8).replaceAll(":", ".")}.jpg`,
  recordingBegins: "Recording.",
  recording: (time: string): string => `Recording ${time}`,
  recorded: (name: string, seconds: number, width: number, height: number): string =>
    `Recorded ${clock(seconds)}, ${say.dimensions(width, height)}: “${name}” is among your downloads.`,
  nothingRecorded: "Nothing was painted while recording, so there is no file.",
  exportBegins: "The whole video is being painted.",
  exportCancelled: "Saving the video was cancelled.",
  exporting: (percent: number, secondsLeft: number | null): string =>
    `${say.percent(percent)} painted${secondsLeft === null ? "" : `, ${film.left(secondsLeft)}`}`,
  left: (seconds: number): string => {
    if (seconds < 55) return `${Math.max(5, 5 * Math.round(seconds / 5))} s left`;
    const minutes = Math.round(seconds / 60);
    return minutes < 90 ? `${minutes} min left` : `${Math.round(minutes / 60)} h left`;
  },
  exported: (name: string, frames: number, width: number, height: number, soundLost: boolean): string =>
    `${frames} frames painted, ${say.dimensions(width, height)}: “${name}” is among your downloads${soundLost ? ", without its sound, which this browser could not convert" : ""}.`,
  /** Where a film is, and how long it is where that is known; in seconds. */
  position: (now: number, duration: number | null): string => (duration === null ? clock(now) : `${clock(now)} of ${clock(duration)}`),
};

/** One sentence for each way in which a video file cannot be used. */
export const filmErrors = {
  unplayable: (name: string): string => `“${name}” could not be played by this browser. Use an MP4 or WebM video.`,
  noPicture: (name: string): string => `“${name}” has no picture that this browser can show, only sound.`,
};

/** One sentence for each way in which a camera cannot be used. */
export const cameraErrors = {
  denied: "This page may not use the camera. Allow it in the browser's settings for this page, then press “Camera” again.",
  none: "No camera was found on this machine.",
  busy: "The camera could not be started. Another program may be using it.",
  insecure: "Browsers let a page use the camera over https only, and this page was opened over http.",
  failed: (detail: string): string => `The camera could not be used: ${detail.replace(/\.$/, "")}.`,
};

export const recordErrors = {
  noEncoder: "This browser cannot write videos, so nothing was recorded.",
};

export const exportErrors = {
  noEncoder: "This browser cannot write videos of this size. Choose another size, or try a newer browser.",
  notDecoded: (name: string): string => `“${name}” can be played, but this browser cannot take it apart frame by frame. Record it while it plays.`,
};

/** One sentence for each way in which a picture cannot be used. */
export const pictureErrors = {
  unreadable: (name: string): string => `“${name}” could not be read as a picture. Use a JPEG, PNG or WebP file.`,
  heic: (name: string): string => `“${name}” is a HEIC photo, which this browser cannot read. Save it as JPEG first.`,
  tooLarge: (name: string, limit: number): string => `“${name}” is larger than ${limit} MB. Use a smaller copy.`,
  tooManyPixels: (name: string, limit: number): string =>
    `“${name}” has more than ${limit} million pixels. Use a smaller copy.`,
  notFetched: (name: string): string => `The sample “${name}” could not be fetched from the server.`,
  nothing: "There was no picture in what you dropped or pasted.",
};

/** Why a shared style cannot be used. */
export const shareErrors: Record<ShareProblem, string> = {
  damaged: "This shared style is damaged or incomplete. Copy the whole link, or save the file again.",
  version: "This shared style was made by a newer version of this page.",
  model: "This shared style was made with another model, whose styles mean nothing to this one.",
};

const errors: Record<ErrorCode, (detail: string) => string> = {
  "model-missing": (detail) => `The model is not on the server: ${detail}. Run “make demo”, which exports it and builds this page.`,
  "model-damaged": (detail) => `The model on the server is damaged: ${detail}. Export it again with “make demo”.`,
  "no-backend": (detail) => `The model runs on no backend of this browser (${detail}). Try a newer browser.`,
  "context-lost": (detail) => `Painting stopped: ${detail}. Open the page again, or try “${backendNames.wasm}” under “${text.backend}”.`,
  "out-of-memory": (detail) => `There is not enough memory for this size: ${detail}. Choose a smaller size, or close other pages.`,
  failed: (detail) => `Painting failed: ${detail}. Try a smaller size, or “${backendNames.wasm}” under “${text.backend}”.`,
};

export function errorSentence(code: ErrorCode, detail: string): string {
  return errors[code](detail.replace(/\.$/, ""));
}

/** Seconds as on a clock: 0:07, 12:34, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const head = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
  return `${head}:${String(whole % 60).padStart(2, "0")}`;
}

function duration(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
