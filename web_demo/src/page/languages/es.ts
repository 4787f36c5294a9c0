/** Español. */
import type { Language } from "./en";
import { formatsFor } from "./formats";

const formats = formatsFor("es");
const { number, percent, pixels, dimensions, duration, megabytes, wholeMegabytes, roughly, rate, plural, clock, timeInName } = formats;

const text: Language["text"] = {
  title: "Impasto: pinta una fotografía con el estilo de otros cuadros",
  tagline: "Pinta una fotografía con el estilo de otros cuadros.",
  privacy: "Tus imágenes nunca salen de este dispositivo.",
  privacyLong:
    "Tus imágenes nunca salen de este dispositivo. La red que las pinta se ha enviado a tu navegador y funciona dentro de él; no se sube nada. Las imágenes que añades se guardan en el almacenamiento de este navegador, para que sigan aquí al recargar, hasta que las quites.",
  stage: "Resultado",
  compare: "Comparar con la fotografía",
  photograph: "Fotografía",
  stylised: "Pintada",
  download: "Descargar",
  format: "Formato de la descarga",
  copy: "Copiar",
  photoHeading: "Fotografía",
  photoHint: "Elige una o muchas, arrástralas hasta aquí (también una carpeta) o pégala. También sirven los vídeos.",
  choosePhoto: "Elegir foto",
  stylesHeading: "Cuadros",
  stylesHint: "Elige dos o más para mezclarlos.",
  choosePaintings: "Añadir cuadros",
  blendHeading: "Mezcla",
  blendEmpty: "Todavía no has elegido ningún cuadro.",
  zoom: "Ampliación de la imagen",
  zoomIn: "Acercar",
  zoomOut: "Alejar",
  zoomFit: "Ajustar",
  regionsHeading: "Zonas",
  regionsHint:
    "Pinta partes de la imagen con estilos propios: los cuadros y la mezcla de arriba son los de la parte elegida aquí. Sobre la imagen, las flechas mueven el pincel y la barra espaciadora pinta.",
  regionChoice: "De quién es el estilo elegido arriba",
  background: "Fondo",
  addRegion: "Añadir una zona",
  brushing: "Pincel sobre la imagen",
  brushLabel: "Pincel: las flechas lo mueven y la barra espaciadora pinta",
  brushSize: "Tamaño del pincel",
  brushFeather: "Borde suave",
  erase: "Borrar",
  clearRegion: "Vaciar esta zona",
  removeRegion: "Quitarla",
  coloursHeading: "Colores",
  keepColours: "Conservar los colores de la fotografía",
  keepAmount: "En qué medida",
  recolour: "Cambiar antes los colores de los cuadros",
  recolourHint: "Da a los cuadros los colores de la fotografía antes de leer su estilo.",
  settingsHeading: "Ajustes",
  strength: "Intensidad",
  strengthHint: "0 % conserva el estilo propio de la fotografía; más de 100 % exagera la mezcla.",
  stroke: "Tamaño de las pinceladas",
  strokeHint: "Las pinceladas crecen con la imagen, para que se vea igual en cualquier tamaño. Menos de 100 % las hace más finas; más, más anchas.",
  size: "Tamaño",
  sizeHint: "Del resultado y de su descarga. Una imagen mayor tiene bordes más nítidos y tarda más.",
  fullSize: "Tamaño completo",
  painter: "Pintor",
  tryAgain: "Volver a intentarlo",
  wrap: "Sin costuras",
  wrapHint: "Los bordes opuestos encajan, de modo que las copias del resultado se pueden poner una al lado de otra sin costura.",
  cancel: "Cancelar",
  backend: "Calcula con",
  language: "Idioma",
  dropPhoto: "Suéltala aquí para usarla como fotografía",
  dropPainting: "Suéltala aquí para usarla como cuadro",
  loading: "Descargando el modelo",
  updateReady: "Hay una versión nueva de esta página. Tus imágenes se conservan.",
  reload: "Recargar ahora",
  blendViews: "Cómo mezclar",
  viewSliders: "Controles",
  viewMap: "Mapa",
  map: "Mapa de estilos",
  mapHint: "Los estilos parecidos están cerca unos de otros. Arrastra la marca o muévela con las flechas: pinta con los que la rodean.",
  planeAcross: "horizontal",
  planeUp: "vertical",
  viewPad: "Panel",
  pad: "Panel de mezcla",
  padHint: "Cuanto más cerca está la marca de un estilo, más cuenta ese estilo. Arrástrala o usa las flechas.",
  padLimits: "Elige de dos a ocho cuadros: serán las esquinas del panel.",
  surprise: "Sorpréndeme",
  seed: "Semilla",
  seedHint: "La misma semilla da la misma mezcla de los mismos cuadros.",
  undo: "Deshacer",
  redo: "Rehacer",
  share: "Compartir y guardar",
  shareHint: "Un enlace o un archivo contiene la mezcla en cien números y su intensidad: ninguna imagen, y no se sube nada.",
  copyLink: "Copiar enlace",
  saveStyle: "Guardar estilo",
  openStyle: "Abrir estilo",
  sharedStyle: "Estilo compartido",
  linkCopied: "El enlace a este estilo está en el portapapeles.",
  linkInAddress: "El enlace a este estilo está ahora en la barra de direcciones. Cópialo de allí.",
  modelFirst: "El modelo todavía no está listo. Abre el estilo cuando lo esté.",
  camera: "Cámara",
  live: "Imagen en directo",
  chooseVideo: "Vídeo",
  takePicture: "Hacer la foto",
  keepFrame: "Quedarse con este fotograma",
  play: "Reproducir",
  pause: "Pausa",
  transport: "Reproducción",
  seek: "Posición en el vídeo",
  record: "Grabar",
  finishRecording: "Terminar la grabación",
  saveVideo: "Guardar como vídeo",
  videoSize: "Tamaño del vídeo guardado",
  switchCamera: "Cambiar de cámara",
  stopLive: "Terminar",
  forget: "Olvidar mis imágenes",
  forgetAsk: "¿Olvidar todas las imágenes y los estilos que has añadido? Este navegador no guardará ninguno, ni lo que se puede deshacer. Tus archivos se quedan donde están.",
  forgotten: "Tus imágenes se han olvidado: este navegador ya no guarda ninguna para esta página.",
  notForgotten: "No se ha podido quitar todo del almacenamiento de este navegador. Borra los datos de esta página en los ajustes del navegador.",
};

const backendNames: Language["backendNames"] = {
  auto: "Lo más rápido que haya",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript (lento)",
};

const tiles = (count: number): string => plural(count, { one: `${number(count)} tesela`, other: `${number(count)} teselas` });

const say: Language["say"] = {
  loading: (done, total) => (done < total ? `Descargando el modelo: ${megabytes(done)} de ${megabytes(total)}` : "Preparando el modelo"),
  painting: "Pintando…",
  paintingTiles: (count, width, height) => `Pintando ${dimensions(width, height)} en ${tiles(count)}…`,
  tiles: (done, total) => `${number(done)} de ${tiles(total)}, pintadas`,
  smallerTiles: (side) =>
    `Faltaba memoria, así que esta imagen y las siguientes se pintan en teselas más pequeñas, de ${dimensions(side, side)} como mucho.`,
  painted: (backend, threads, ms, width, height) =>
    `${backendNames[backend]}${threads > 1 ? `, ${plural(threads, { one: `${number(threads)} hilo`, other: `${number(threads)} hilos` })}` : ""} · ${duration(ms)} · ${dimensions(width, height)}`,
  pickPainting: "Elige al menos un cuadro.",
  region: (index) => `Zona ${number(index)}`,
  percent,
  pixels,
  dimensions,
  fullSize: (width, height) => `${dimensions(width, height)}, tamaño completo`,
  shown: (part) => `${percent(part)} de fotografía`,
  credit: (title, credit) => `${title} (${credit})`,
  unavailable: (wanted, used) => `${backendNames[wanted]} no funciona en este navegador, así que se usa ${backendNames[used]}.`,
  moved: (reason, from, to) => {
    if (reason === "faster") return `${backendNames[to]} ha resultado más rápido aquí que ${backendNames[from]} y se usa a partir de ahora.`;
    if (from === to) return `El procesador gráfico se ha detenido un momento, así que ${backendNames[to]} se ha vuelto a iniciar.`;
    const cause = reason === "context-lost" ? "se ha vuelto a detener" : "no tenía memoria suficiente para esta imagen";
    return `${backendNames[from]} ${cause}, así que a partir de ahora se usa ${backendNames[to]}.`;
  },
  earlier: "Este modelo se exportó con una versión anterior. Se usa como lo hacía esa versión. Expórtalo de nuevo y esta frase desaparecerá.",
  unverified: "No se han podido comparar las sumas de comprobación del modelo, porque esta página no se ha abierto por https.",
  copied: (width, height) => `Copiada al portapapeles, ${dimensions(width, height)}.`,
  noClipboard: "Este navegador no da a la página un portapapeles para imágenes (necesita https o localhost). Descarga la imagen en su lugar.",
  notCopied: "El navegador no ha dejado que la página copie la imagen. Permítelo o descarga la imagen en su lugar.",
  notEncoded: (format) => `Este navegador no puede escribir una imagen de este tamaño como ${format}. Elige otro formato o un tamaño menor.`,
  axis: (name, axis) => `${name}, ${axis}`,
  place: (part, meaning) => (meaning === "" ? percent(part) : `${percent(part)}: ${meaning}`),
  share: (title, part) => `${title} ${percent(part)}`,
  list: formats.list,
  comparing: (known, all) => `Comparando los estilos: ${number(known)} de ${number(all)}`,
  noSamples: "No se han podido descargar las imágenes de ejemplo. Elige una foto y unos cuadros tuyos.",
  ownStyles: (names) => `Este modelo pinta en estilos propios: ${names}. Los cuadros no le dicen nada.`,
  remove: (title) => `Quitar «${title}»`,
  removed: (title) => `Se ha quitado «${title}».`,
};

const painting: Language["painting"] = {
  names: { auto: "Fino donde sea rápido", fast: "Rápido", fine: "Fino" },
  by: { fast: "pintor: rápido", fine: "pintor: fino" },
  chosen: {
    fast: "El pintor rápido: pinceladas anchas, al momento. También pinta vistas previas y vídeos.",
    fine: "El pintor fino: pinceladas y bordes más finos, en el triple o el cuádruple de tiempo.",
  },
  later: "El pintor rápido pinta hasta que llegue el fino, y donde este tardaría mucho.",
  preparing: "Se está preparando el pintor fino.",
  fetching: (done: number, total: number): string => `Descargando el pintor fino: ${megabytes(done)} de ${megabytes(total)}`,
  failed: "No se pudo descargar el pintor fino, así que pinta el rápido.",
  quick: (ms: number): string => `El pintor fino tarda unos ${duration(ms)} para este tamaño en este equipo, así que pinta él.`,
  slow: (ms: number): string =>
    `El pintor fino tardaría unos ${duration(ms)} para este tamaño en este equipo, así que pinta el rápido. Elígelo si lo quieres de todos modos.`,
};

const many: Language["many"] = {
  adding: (done, total) => `Leyendo tus imágenes: ${number(done)} de ${number(total)}`,
  moreProblems: (count) => plural(count, { one: `No se ha podido usar ${number(count)} archivo más.`, other: `No se han podido usar ${number(count)} archivos más.` }),
  paintAll: (count) => `Pintar las ${number(count)} fotos`,
  archive: "impasto-imagenes.zip",
  archivePart: (part) => `impasto-imagenes-${part}.zip`,
  noRoom: "El navegador no tiene espacio para un archivo tan grande. Elige un tamaño menor o menos fotos.",
  begins: (count) => `Se están pintando ${number(count)} fotos.`,
  painting: (done, total, secondsLeft) => `${number(done)} de ${number(total)} fotos pintadas${secondsLeft === null ? "" : `, quedan ${roughly(secondsLeft)}`}`,
  painted: (done, total, name, stopped) => `${stopped ? "Detenido: " : ""}${number(done)} de ${number(total)} fotos pintadas. Están en «${name}».`,
  furtherParts: (count) => plural(count, { one: `Ha hecho falta ${number(count)} archivo más; está al lado.`, other: `Han hecho falta ${number(count)} archivos más; están al lado.` }),
  nonePainted: "Se ha cancelado antes de terminar la primera foto; no se ha guardado nada.",
  notEncoded: (title, format) => `«${title}» no se ha podido escribir como ${format}.`,
};

const film: Language["film"] = {
  starting: "Empezando…",
  waiting: "El modelo todavía no está listo.",
  preparing: (name) => `«${name}» se está separando en sus fotogramas…`,
  started: { camera: "La cámara está encendida y se pinta en directo.", film: "El vídeo se está reproduciendo y se pinta en directo." },
  stopped: "La imagen en directo ha terminado.",
  hidden: "La cámara se ha apagado mientras esta página no se veía.",
  ended: "La cámara se ha apagado o desconectado.",
  rate: (width, height, perSecond) => `${dimensions(width, height)} · ${rate(perSecond)} fotogramas por segundo`,
  cameraTitle: "Cámara",
  pictureName: (time) => `Cámara ${timeInName(time)}.jpg`,
  recordingBegins: "Grabando.",
  recording: (time) => `Grabando ${time}`,
  recorded: (name, seconds, width, height) => `Grabado ${clock(seconds)}, ${dimensions(width, height)}: «${name}» está entre tus descargas.`,
  nothingRecorded: "No se ha pintado nada durante la grabación, así que no hay archivo.",
  saveAs: (format) => `Guardar como ${format}`,
  exportBegins: "Se está pintando cada fotograma.",
  exportCancelled: "Se ha cancelado el guardado.",
  exporting: (part, secondsLeft) => `${percent(part)} pintado${secondsLeft === null ? "" : `, quedan ${roughly(secondsLeft)}`}`,
  exported: (name, frames, width, height, soundLost) =>
    `${plural(frames, { one: `${number(frames)} fotograma pintado`, other: `${number(frames)} fotogramas pintados` })}, ${dimensions(width, height)}: «${name}» está entre tus descargas${soundLost ? ", sin su sonido, que este navegador no ha podido convertir" : ""}.`,
  position: (now, length) => (length === null ? clock(now) : `${clock(now)} de ${clock(length)}`),
};

const filmErrors: Language["filmErrors"] = {
  unplayable: (name) => `Este navegador no ha podido reproducir «${name}». Usa un vídeo MP4 o WebM.`,
  noPicture: (name) => `«${name}» no tiene ninguna imagen que este navegador pueda mostrar, solo sonido.`,
  noAnimations: (name) => `«${name}» se mueve, pero este navegador no puede separar animaciones, así que se pinta su primer fotograma.`,
  oneOfMany: (name) => `«${name}» se mueve; entre varios archivos se toma su primer fotograma. Elige solo este archivo para pintarlo entero.`,
};

const cameraErrors: Language["cameraErrors"] = {
  denied: `Esta página no puede usar la cámara. Permítelo en los ajustes del navegador para esta página y pulsa otra vez «${text.camera}».`,
  none: "No se ha encontrado ninguna cámara en este dispositivo.",
  busy: "No se ha podido encender la cámara. Puede que otro programa la esté usando.",
  insecure: "Los navegadores solo dejan usar la cámara a una página por https, y esta se ha abierto por http.",
  failed: (detail) => `No se ha podido usar la cámara: ${detail}.`,
};

const recordErrors: Language["recordErrors"] = {
  noEncoder: "Este navegador no puede escribir vídeos, así que no se ha grabado nada.",
};

const exportErrors: Language["exportErrors"] = {
  noEncoder: "Este navegador no puede escribir vídeos de este tamaño. Elige otro tamaño o prueba con un navegador más nuevo.",
  notDecoded: (name) => `«${name}» se puede reproducir, pero este navegador no puede separarlo en fotogramas. Grábalo mientras se reproduce.`,
};

const pictureErrors: Language["pictureErrors"] = {
  unreadable: (name) => `No se ha podido leer «${name}» como imagen. Usa un archivo JPEG, PNG o WebP.`,
  heic: (name) => `«${name}» es una foto HEIC, que este navegador no puede leer. Guárdala antes como JPEG.`,
  tooLarge: (name, limit) => `«${name}» ocupa más de ${wholeMegabytes(limit)}. Usa una copia más pequeña.`,
  tooManyPixels: (name, limit) => `«${name}» tiene más de ${number(limit)} millones de píxeles. Usa una copia más pequeña.`,
  notFetched: (name) => `No se ha podido descargar del servidor el ejemplo «${name}».`,
  nothing: "No había ninguna imagen en lo que has soltado o pegado.",
  changed: (name) => `«${name}» se ha cambiado, movido o borrado después de elegirlo. Elígelo otra vez.`,
  noFile: "Lo que has soltado no es un archivo, sino texto, un enlace o una imagen de otra página. Guarda primero la imagen y suelta aquí su archivo.",
  falsified: "Este navegador falsea lo que una página lee de las imágenes, para que no te reconozcan, y los resultados serían ruido. Permite que esta página lea los datos de canvas o usa otro navegador.",
};

const keepErrors: Language["keepErrors"] = {
  full: (name) => `No queda sitio en el almacenamiento de este navegador, así que «${name}» solo estará aquí hasta que salgas de esta página.`,
  forbidden: "Este navegador no deja que la página guarde nada, así que las imágenes que añadas solo estarán aquí hasta que salgas.",
};

const shareErrors: Language["shareErrors"] = {
  damaged: "Este estilo compartido está dañado o incompleto. Copia el enlace entero o guarda otra vez el archivo.",
  version: "Este estilo compartido se ha hecho con una versión más nueva de esta página.",
  model: "Este estilo compartido se ha hecho con otro modelo, cuyos estilos no significan nada para este.",
};

const errors: Language["errors"] = {
  "model-missing": (detail) => `El modelo no está en el servidor: ${detail}. Debe estar en la carpeta «model», junto a esta página; «make demo» construye ambas.`,
  "model-damaged": (detail) => `El modelo del servidor está dañado: ${detail}. Expórtalo otra vez con «make page-data».`,
  "no-backend": (detail) => `El modelo no funciona con nada de lo que ofrece este navegador (${detail}). Prueba con un navegador más nuevo.`,
  "context-lost": (detail) => `La pintura se ha detenido: ${detail}. Abre la página otra vez o prueba «${backendNames.wasm}» en «${text.backend}».`,
  "out-of-memory": (detail) => `No hay memoria suficiente para este tamaño: ${detail}. Elige un tamaño menor o cierra otras páginas.`,
  failed: (detail) => `No se ha podido pintar: ${detail}. Prueba un tamaño menor o «${backendNames.wasm}» en «${text.backend}».`,
};

const titles: Language["titles"] = {
  astronaut: "La astronauta Eileen Collins",
  chelsea: "La gata Chelsea",
  coffee: "Una taza de café",
  rocket: "Lanzamiento de un cohete",
  camera: "Hombre con cámara",
  galaxies: "Campo profundo del Hubble",
  "swirls-4": "Espirales doradas",
  "stained-glass-7": "Rosetón",
  "screen-print-1": "Serigrafía",
  "impasto-0": "Nenúfares en óleo espeso",
  "impressionist-1": "Vela al atardecer",
  "fauve-0": "Retrato azul",
  "gestural-6": "Pincelada amplia, roja y dorada",
  "expressionist-5": "Cabeza en llamas",
  "old-master-3": "Peras a la luz de una lámpara",
  "pointillism-3": "Flores de puntos",
  "silk-7": "Color peinado",
  "mosaic-5": "Cabeza de mosaico",
  "cubist-7": "Flores rotas",
  "paper-cut-6": "Dunas de papel",
  "colour-squares-7": "Cuadrados pintados",
  "neoplastic-4": "Rectángulos primarios",
  "glazed-tiles-5": "Azulejos",
  "hatching-1": "Pluma y tinta",
  "woodcut-1": "Xilografía en ocre",
  "watercolour-6": "Aguadas sobre papel",
  "ink-wash-2": "Montañas y sol",
  "woodblock-6": "Olas ante una montaña",
  "marbling-3": "Papel jaspeado",
  "drip-3": "Pintura arrojada",
  "contours-3": "Ágata",
  "poured-3": "Color vertido",
};

const credits: Language["credits"] = { "Generated by Impasto": "Generado por Impasto", "Public domain": "dominio público" };

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
