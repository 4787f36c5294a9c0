/** 简体中文。 */
import type { Language } from "./en";
import { formatsFor } from "./formats";

const formats = formatsFor("zh-Hans");
const { number, percent, pixels, dimensions, duration, megabytes, wholeMegabytes, roughly, rate, clock, timeInName } = formats;

const text: Language["text"] = {
  title: "Impasto：用绘画的风格来画照片",
  tagline: "用绘画的风格来画照片。",
  privacy: "您的图片不会离开这台设备。",
  privacyLong:
    "您的图片不会离开这台设备。绘画所用的神经网络已发送到您的浏览器并在其中运行；不会上传任何内容。您添加的图片保存在此浏览器自己的存储空间中，重新加载后仍在，直到您将其移除。",
  stage: "结果",
  compare: "与照片对比",
  photograph: "照片",
  stylised: "画作",
  download: "下载",
  format: "下载格式",
  copy: "复制",
  photoHeading: "照片",
  photoHint: "选择一张或多张，将图片或文件夹拖放到页面上，或直接粘贴。也可以使用视频。",
  choosePhoto: "选择照片",
  stylesHeading: "绘画",
  stylesHint: "选择两幅或更多即可混合。",
  choosePaintings: "添加绘画",
  blendHeading: "混合",
  blendEmpty: "尚未选择绘画。",
  zoom: "图片缩放",
  zoomIn: "放大",
  zoomOut: "缩小",
  zoomFit: "适应",
  regionsHeading: "区域",
  regionsHint: "为图片的各个部分使用各自的风格：上方的绘画与混合属于此处选中的部分。在图片上，方向键移动画笔，空格键涂抹。",
  regionChoice: "上方选择的是谁的风格",
  background: "背景",
  addRegion: "添加区域",
  brushing: "在图片上使用画笔",
  brushLabel: "画笔：方向键移动，空格键涂抹",
  brushSize: "画笔大小",
  brushFeather: "柔和边缘",
  erase: "擦除",
  clearRegion: "清空此区域",
  removeRegion: "移除",
  coloursHeading: "颜色",
  keepColours: "保留照片的颜色",
  keepAmount: "保留多少",
  recolour: "先为绘画重新着色",
  recolourHint: "读取风格之前，先让绘画带上照片的颜色。",
  settingsHeading: "设置",
  strength: "强度",
  strengthHint: "0% 保留照片自身的风格；超过 100% 则夸张混合效果。",
  stroke: "笔触大小",
  strokeHint: "笔触随图片一起变大，因此任何尺寸看起来都一样。小于 100% 时更细，大于 100% 时更粗。",
  size: "尺寸",
  sizeHint: "指结果及下载的尺寸。图片越大，边缘越清晰，用时也越长。",
  fullSize: "原始尺寸",
  painter: "画师",
  tryAgain: "重试",
  wrap: "无缝平铺",
  wrapHint: "相对的边缘彼此衔接，结果的副本并排放置时没有接缝。",
  cancel: "取消",
  backend: "运行方式",
  language: "语言",
  dropPhoto: "拖放到此处，用作照片",
  dropPainting: "拖放到此处，用作绘画",
  loading: "正在下载模型",
  updateReady: "本页的新版本已就绪。您的图片会保留。",
  reload: "立即重新加载",
  blendViews: "混合方式",
  viewSliders: "滑块",
  viewMap: "地图",
  map: "风格地图",
  mapHint: "相似的风格彼此相邻。拖动标记，或用方向键移动它：它会用周围的风格作画。",
  planeAcross: "横向",
  planeUp: "纵向",
  viewPad: "混合板",
  pad: "混合板",
  padHint: "标记离某个风格越近，该风格的比重就越大。可以拖动标记，也可以使用方向键。",
  padLimits: "请选择两到八幅绘画：它们将成为混合板的各个角。",
  surprise: "给我惊喜",
  seed: "种子",
  seedHint: "对同一组绘画，相同的种子得到相同的混合。",
  undo: "撤销",
  redo: "重做",
  share: "分享与保存",
  shareHint: "链接或文件以一百个数字记录混合及其强度：不含图片，也不会上传任何内容。",
  copyLink: "复制链接",
  saveStyle: "保存风格",
  openStyle: "打开风格",
  sharedStyle: "分享的风格",
  linkCopied: "此风格的链接已复制到剪贴板。",
  linkInAddress: "此风格的链接现在位于地址栏中，请从那里复制。",
  modelFirst: "模型尚未就绪。请在就绪后打开该风格。",
  camera: "摄像头",
  live: "实时画面",
  chooseVideo: "视频",
  takePicture: "拍照",
  keepFrame: "保留此帧",
  play: "播放",
  pause: "暂停",
  transport: "播放控制",
  seek: "视频中的位置",
  record: "录制",
  finishRecording: "结束录制",
  saveVideo: "存为视频",
  videoSize: "所存视频的尺寸",
  switchCamera: "切换摄像头",
  stopLive: "停止",
  forget: "清除我的图片",
  forgetAsk: "要清除您添加的所有图片和风格吗？此浏览器将不再保留它们，也无法再撤销之前的操作。您的文件不受影响。",
  forgotten: "您的图片已清除：此浏览器不再为本页保留任何图片。",
  notForgotten: "未能从此浏览器的存储空间中清除全部内容。请在浏览器设置中清除本页的数据。",
};

const backendNames: Language["backendNames"] = {
  auto: "最快的可用方式",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript（慢）",
};

const say: Language["say"] = {
  loading: (done, total) => (done < total ? `正在下载模型：${megabytes(done)}，共 ${megabytes(total)}` : "正在准备模型"),
  painting: "正在绘制…",
  paintingTiles: (tiles, width, height) => `正在分 ${number(tiles)} 块绘制 ${dimensions(width, height)}…`,
  tiles: (done, total) => `已绘制 ${number(done)} 块，共 ${number(total)} 块`,
  smallerTiles: (side) => `内存不足，因此这张图片及之后的图片将分成更小的块绘制，每块最大 ${dimensions(side, side)}。`,
  painted: (backend, threads, ms, width, height) =>
    `${backendNames[backend]}${threads > 1 ? `，${number(threads)} 线程` : ""} · ${duration(ms)} · ${dimensions(width, height)}`,
  pickPainting: "请至少选择一幅绘画。",
  region: (index) => `区域 ${number(index)}`,
  percent,
  pixels,
  dimensions,
  fullSize: (width, height) => `${dimensions(width, height)}，原始尺寸`,
  shown: (part) => `照片占 ${percent(part)}`,
  credit: (title, credit) => `${title}（${credit}）`,
  unavailable: (wanted, used) => `${backendNames[wanted]} 在此浏览器中无法使用，因此改用 ${backendNames[used]}。`,
  moved: (reason, from, to) => {
    if (reason === "faster") return `${backendNames[to]} 在这里比 ${backendNames[from]} 更快，今后将使用它。`;
    if (from === to) return `图形处理器曾短暂停止，因此已重新启动 ${backendNames[to]}。`;
    const cause = reason === "context-lost" ? "再次停止" : "的内存不足以绘制这张图片";
    return `${backendNames[from]} ${cause}，因此今后将使用 ${backendNames[to]}。`;
  },
  earlier: "此模型由较早的版本导出，将按该版本的方式使用。重新导出后，这句话就会消失。",
  unverified: "无法比对模型的校验和，因为本页不是通过 https 打开的。",
  copied: (width, height) => `已复制到剪贴板，${dimensions(width, height)}。`,
  noClipboard: "此浏览器不允许本页把图片放入剪贴板（需要 https 或 localhost）。请改为下载图片。",
  notCopied: "浏览器不允许本页复制图片。请允许，或改为下载图片。",
  notEncoded: (format) => `此浏览器无法将这种尺寸的图片写成 ${format}。请选择其他格式或更小的尺寸。`,
  axis: (name, axis) => `${name}，${axis}`,
  place: (part, meaning) => (meaning === "" ? percent(part) : `${percent(part)}：${meaning}`),
  share: (title, part) => `${title} ${percent(part)}`,
  list: formats.list,
  comparing: (known, all) => `正在比较风格：${number(known)} / ${number(all)}`,
  noSamples: "无法获取示例图片。请选择您自己的照片和绘画。",
  ownStyles: (names) => `此模型只用它自己的风格作画：${names}。其他画作对它没有意义。`,
  remove: (title) => `移除“${title}”`,
  removed: (title) => `已移除“${title}”。`,
};

const painting: Language["painting"] = {
  names: { auto: "够快时用精细", fast: "快速", fine: "精细" },
  by: { fast: "画师：快速", fine: "画师：精细" },
  chosen: {
    fast: "快速画师：笔触宽阔，立即完成。预览和视频也由它绘制。",
    fine: "精细画师：笔触和边缘更细腻，用时为三到四倍。",
  },
  later: "精细画师就绪之前，以及它耗时过长时，由快速画师作画。",
  preparing: "正在准备精细画师。",
  fetching: (done: number, total: number): string => `正在获取精细画师：${megabytes(done)}，共 ${megabytes(total)}`,
  failed: "无法获取精细画师，因此由快速画师作画。",
  quick: (ms: number): string => `在这台设备上，精细画师画这个尺寸约需 ${duration(ms)}，因此由它作画。`,
  slow: (ms: number): string =>
    `在这台设备上，精细画师画这个尺寸约需 ${duration(ms)}，因此由快速画师作画。若仍想用它，请直接选择。`,
};

const many: Language["many"] = {
  adding: (done, total) => `正在读取您的图片：第 ${number(done)} 张，共 ${number(total)} 张`,
  moreProblems: (count) => `另有 ${number(count)} 个文件无法使用。`,
  paintAll: (count) => `绘制全部 ${number(count)} 张照片`,
  archive: "impasto-照片.zip",
  archivePart: (part) => `impasto-照片-${part}.zip`,
  noRoom: "浏览器没有足够空间存放这么大的压缩包。请选择较小的尺寸或更少的照片。",
  begins: (count) => `正在绘制 ${number(count)} 张照片。`,
  painting: (done, total, secondsLeft) => `已绘制 ${number(done)} 张照片，共 ${number(total)} 张${secondsLeft === null ? "" : `，还需 ${roughly(secondsLeft)}`}`,
  painted: (done, total, name, stopped) => `${stopped ? "已停止：" : ""}已绘制 ${number(done)} 张照片，共 ${number(total)} 张，保存在“${name}”中。`,
  furtherParts: (count) => `另外还需要 ${number(count)} 个压缩包，保存在同一位置。`,
  nonePainted: "在第一张照片完成之前已取消；未保存任何内容。",
  notEncoded: (title, format) => `无法将“${title}”写成 ${format}。`,
};

const film: Language["film"] = {
  starting: "正在启动…",
  waiting: "模型尚未就绪。",
  preparing: (name) => `正在将“${name}”分解为逐帧画面…`,
  started: { camera: "摄像头已开启，正在实时绘制。", film: "视频正在播放，并被实时绘制。" },
  stopped: "实时画面已结束。",
  hidden: "在看不到本页期间，摄像头已关闭。",
  ended: "摄像头已关闭或拔出。",
  rate: (width, height, perSecond) => `${dimensions(width, height)} · 每秒 ${rate(perSecond)} 帧`,
  cameraTitle: "摄像头",
  pictureName: (time) => `摄像头 ${timeInName(time)}.jpg`,
  recordingBegins: "正在录制。",
  recording: (time) => `正在录制 ${time}`,
  recorded: (name, seconds, width, height) => `已录制 ${clock(seconds)}，${dimensions(width, height)}：“${name}”在您的下载内容中。`,
  nothingRecorded: "录制期间没有绘制任何画面，因此没有文件。",
  saveAs: (format) => `存为 ${format}`,
  exportBegins: "正在绘制每一帧。",
  exportCancelled: "已取消保存。",
  exporting: (part, secondsLeft) => `已绘制 ${percent(part)}${secondsLeft === null ? "" : `，还需 ${roughly(secondsLeft)}`}`,
  exported: (name, frames, width, height, soundLost) =>
    `已绘制 ${number(frames)} 帧，${dimensions(width, height)}：“${name}”在您的下载内容中${soundLost ? "，但没有声音，因为此浏览器无法转换它" : ""}。`,
  position: (now, length) => (length === null ? clock(now) : `${clock(now)}，共 ${clock(length)}`),
};

const filmErrors: Language["filmErrors"] = {
  unplayable: (name) => `此浏览器无法播放“${name}”。请使用 MP4 或 WebM 视频。`,
  noPicture: (name) => `“${name}”没有此浏览器能显示的画面，只有声音。`,
  noAnimations: (name) => `“${name}”是动画，但此浏览器无法分解动画，因此只绘制它的第一帧。`,
  oneOfMany: (name) => `“${name}”是动画；与多个文件一起选择时只取第一帧。要绘制整个动画，请单独选择它。`,
};

const cameraErrors: Language["cameraErrors"] = {
  denied: `本页无权使用摄像头。请在浏览器中为本页允许使用，然后再次按“${text.camera}”。`,
  none: "在这台设备上没有找到摄像头。",
  busy: "无法启动摄像头。可能有其他程序正在使用它。",
  insecure: "浏览器只允许通过 https 打开的页面使用摄像头，而本页是通过 http 打开的。",
  failed: (detail) => `无法使用摄像头：${detail}。`,
};

const recordErrors: Language["recordErrors"] = {
  noEncoder: "此浏览器无法写入视频，因此没有录制任何内容。",
};

const exportErrors: Language["exportErrors"] = {
  noEncoder: "此浏览器无法写入这种尺寸的视频。请选择其他尺寸，或换用较新的浏览器。",
  notDecoded: (name) => `“${name}”可以播放，但此浏览器无法逐帧拆解它。请在播放时录制。`,
};

const pictureErrors: Language["pictureErrors"] = {
  unreadable: (name) => `无法将“${name}”作为图片读取。请使用 JPEG、PNG 或 WebP 文件。`,
  heic: (name) => `“${name}”是 HEIC 照片，此浏览器无法读取。请先将它存为 JPEG。`,
  tooLarge: (name, limit) => `“${name}”大于 ${wholeMegabytes(limit)}。请使用较小的副本。`,
  tooManyPixels: (name, limit) => `“${name}”超过 ${number(limit)} 百万像素。请使用较小的副本。`,
  notFetched: (name) => `无法从服务器获取示例“${name}”。`,
  nothing: "您拖放或粘贴的内容中没有图片。",
  changed: (name) => `“${name}”在您选择之后被更改、移动或删除了。请重新选择。`,
  noFile: "您拖放的不是文件，而是文字、链接或其他网页上的图片。请先保存图片，再把文件拖到这里。",
  falsified: "为防止您被识别，此浏览器会篡改网页从图片中读取的数据，结果会变成噪点。请允许本页读取画布（canvas）数据，或改用其他浏览器。",
};

const keepErrors: Language["keepErrors"] = {
  full: (name) => `此浏览器的存储空间已满，“${name}”只会保留到您离开本页。`,
  forbidden: "此浏览器不允许本页保存任何内容，您添加的图片只会保留到您离开为止。",
};

const shareErrors: Language["shareErrors"] = {
  damaged: "此分享的风格已损坏或不完整。请复制整个链接，或重新保存文件。",
  version: "此分享的风格由本页的更新版本制作。",
  model: "此分享的风格由另一个模型制作，其风格对本模型没有意义。",
};

const errors: Language["errors"] = {
  "model-missing": (detail) => `服务器上没有模型：${detail}。它应位于本页旁边的“model”文件夹中；“make demo”会构建两者。`,
  "model-damaged": (detail) => `服务器上的模型已损坏：${detail}。请用“make page-data”重新导出。`,
  "no-backend": (detail) => `模型无法以此浏览器的任何方式运行（${detail}）。请换用较新的浏览器。`,
  "context-lost": (detail) => `绘制已停止：${detail}。请重新打开本页，或在“${text.backend}”中尝试“${backendNames.wasm}”。`,
  "out-of-memory": (detail) => `内存不足以绘制这种尺寸：${detail}。请选择较小的尺寸，或关闭其他页面。`,
  failed: (detail) => `绘制失败：${detail}。请尝试较小的尺寸，或“${text.backend}”中的“${backendNames.wasm}”。`,
};

const titles: Language["titles"] = {
  astronaut: "宇航员艾琳·柯林斯",
  chelsea: "猫咪切尔西",
  coffee: "一杯咖啡",
  rocket: "火箭发射",
  camera: "拿相机的人",
  galaxies: "哈勃深空场",
  "swirls-4": "镀金漩涡",
  "stained-glass-7": "玫瑰花窗",
  "screen-print-1": "丝网版画",
  "impasto-0": "厚涂油画睡莲",
  "impressionist-1": "落日帆影",
  "fauve-0": "蓝色肖像",
  "gestural-6": "挥洒的红与金",
  "expressionist-5": "火焰中的头像",
  "old-master-3": "灯下的梨",
  "pointillism-3": "点彩花卉",
  "silk-7": "梳过的颜色",
  "mosaic-5": "马赛克头像",
  "cubist-7": "破碎的花",
  "paper-cut-6": "纸上沙丘",
  "colour-squares-7": "手绘方格",
  "neoplastic-4": "三原色矩形",
  "glazed-tiles-5": "釉面瓷砖",
  "hatching-1": "钢笔画",
  "woodcut-1": "赭色木刻",
  "watercolour-6": "纸上水彩",
  "ink-wash-2": "山与日",
  "woodblock-6": "山前的浪",
  "marbling-3": "大理石纹纸",
  "drip-3": "泼洒的颜料",
  "contours-3": "玛瑙",
  "poured-3": "倾倒的颜色",
};

const credits: Language["credits"] = { "Generated by Impasto": "由 Impasto 生成", "Public domain": "公有领域" };

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
