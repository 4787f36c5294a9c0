/** 한국어. */
import type { Language } from "./en";
import { formatsFor } from "./formats";

const formats = formatsFor("ko");
const { number, percent, pixels, dimensions, duration, megabytes, wholeMegabytes, roughly, rate, clock, timeInName } = formats;

const text: Language["text"] = {
  title: "Impasto: 사진을 그림의 화풍으로 그리기",
  tagline: "사진을 그림의 화풍으로 그립니다.",
  privacy: "사진은 이 기기를 벗어나지 않습니다.",
  privacyLong:
    "사진은 이 기기를 벗어나지 않습니다. 그림을 그리는 신경망이 브라우저로 전송되어 그 안에서 실행되며, 아무것도 업로드되지 않습니다. 추가한 사진은 새로 고친 뒤에도 남아 있도록 이 브라우저의 저장 공간에 보관되며, 직접 지울 때까지 그대로 있습니다.",
  stage: "결과",
  compare: "사진과 비교",
  photograph: "사진",
  stylised: "그림",
  download: "다운로드",
  format: "다운로드 형식",
  copy: "복사",
  photoHeading: "사진",
  photoHint: "한 장 또는 여러 장을 고르거나, 사진이나 폴더를 아무 곳에나 끌어다 놓거나, 붙여 넣으세요. 동영상도 됩니다.",
  choosePhoto: "사진 선택",
  stylesHeading: "그림",
  stylesHint: "두 점 이상을 골라 섞어 보세요.",
  choosePaintings: "그림 추가",
  blendHeading: "혼합",
  blendEmpty: "아직 고른 그림이 없습니다.",
  zoom: "그림 확대/축소",
  zoomIn: "확대",
  zoomOut: "축소",
  zoomFit: "맞춤",
  regionsHeading: "영역",
  regionsHint:
    "그림의 부분마다 다른 화풍으로 그릴 수 있습니다. 위의 그림과 혼합은 여기서 고른 부분의 것입니다. 그림 위에서 화살표 키로 붓을 움직이고 스페이스 키로 칠합니다.",
  regionChoice: "위에서 누구의 화풍을 고르는지",
  background: "배경",
  addRegion: "영역 추가",
  brushing: "그림 위에 붓 사용",
  brushLabel: "붓: 화살표 키로 움직이고 스페이스 키로 칠합니다",
  brushSize: "붓 크기",
  brushFeather: "부드러운 가장자리",
  erase: "지우개",
  clearRegion: "이 영역 비우기",
  removeRegion: "제거",
  coloursHeading: "색",
  keepColours: "사진의 색 유지",
  keepAmount: "유지하는 정도",
  recolour: "먼저 그림의 색 바꾸기",
  recolourHint: "화풍을 읽기 전에 그림에 사진의 색을 입힙니다.",
  settingsHeading: "설정",
  strength: "강도",
  strengthHint: "0%는 사진 본래의 모습을 유지하고, 100%를 넘으면 혼합을 과장합니다.",
  stroke: "붓 자국 크기",
  strokeHint: "붓 자국은 그림과 함께 커지므로 어떤 크기에서도 같은 모습입니다. 100%보다 작으면 더 가늘고, 크면 더 굵습니다.",
  size: "크기",
  sizeHint: "결과와 다운로드의 크기입니다. 그림이 클수록 윤곽이 더 선명하고 더 오래 걸립니다.",
  fullSize: "원본 크기",
  painter: "화가",
  tryAgain: "다시 시도",
  wrap: "이음매 없이 반복",
  wrapHint: "마주 보는 가장자리가 맞닿아, 결과를 나란히 놓아도 이음매가 보이지 않습니다.",
  cancel: "취소",
  backend: "실행 방식",
  language: "언어",
  dropPhoto: "여기에 놓으면 사진으로 사용합니다",
  dropPainting: "여기에 놓으면 그림으로 사용합니다",
  loading: "모델을 받는 중",
  updateReady: "이 페이지의 새 버전이 준비되었습니다. 추가한 사진과 그림은 그대로 남습니다.",
  reload: "지금 새로 고침",
  blendViews: "혼합 방법",
  viewSliders: "슬라이더",
  viewMap: "지도",
  map: "화풍 지도",
  mapHint: "비슷한 화풍은 서로 가까이 있습니다. 표시를 끌거나 화살표 키로 움직이면 그 주변의 화풍으로 그립니다.",
  planeAcross: "가로",
  planeUp: "세로",
  viewPad: "패드",
  pad: "혼합 패드",
  padHint: "표시가 화풍에 가까울수록 그 화풍의 비중이 커집니다. 끌거나 화살표 키를 사용하세요.",
  padLimits: "그림을 두 점에서 여덟 점까지 고르세요. 패드의 꼭짓점이 됩니다.",
  surprise: "깜짝 혼합",
  seed: "시드",
  seedHint: "같은 그림 모음에서 같은 시드는 같은 혼합을 만듭니다.",
  undo: "실행 취소",
  redo: "다시 실행",
  share: "공유 및 보관",
  shareHint: "링크나 파일에는 혼합을 나타내는 숫자 백 개와 강도만 담깁니다. 사진은 없으며 아무것도 업로드되지 않습니다.",
  copyLink: "링크 복사",
  saveStyle: "화풍 저장",
  openStyle: "화풍 열기",
  sharedStyle: "공유된 화풍",
  linkCopied: "이 화풍의 링크를 클립보드에 복사했습니다.",
  linkInAddress: "이 화풍의 링크가 이제 주소창에 있습니다. 거기서 복사하세요.",
  modelFirst: "모델이 아직 준비되지 않았습니다. 준비되면 화풍을 여세요.",
  camera: "카메라",
  live: "실시간 화면",
  chooseVideo: "동영상",
  takePicture: "사진 찍기",
  keepFrame: "이 장면 간직하기",
  play: "재생",
  pause: "일시정지",
  transport: "재생 조작",
  seek: "동영상 위치",
  record: "녹화",
  finishRecording: "녹화 끝내기",
  saveVideo: "동영상으로 저장",
  videoSize: "저장할 동영상의 크기",
  switchCamera: "카메라 전환",
  stopLive: "중지",
  forget: "내 사진 모두 지우기",
  forgetAsk: "추가한 사진과 그림, 스타일을 모두 지울까요? 이 브라우저에는 아무것도 남지 않으며, 실행 취소할 내용도 사라집니다. 원래 파일은 그대로 있습니다.",
  forgotten: "사진을 모두 지웠습니다. 이 브라우저는 이 페이지를 위해 아무것도 보관하지 않습니다.",
  notForgotten: "이 브라우저의 저장 공간에서 모두 지우지는 못했습니다. 브라우저 설정에서 이 페이지의 데이터를 지우세요.",
};

const backendNames: Language["backendNames"] = {
  auto: "가장 빠른 방식",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript(느림)",
};

const say: Language["say"] = {
  loading: (done, total) => (done < total ? `모델을 받는 중: ${megabytes(total)} 중 ${megabytes(done)}` : "모델을 준비하는 중"),
  painting: "그리는 중…",
  paintingTiles: (tiles, width, height) => `${dimensions(width, height)}를 ${number(tiles)}개 조각으로 그리는 중…`,
  tiles: (done, total) => `조각 ${number(total)}개 중 ${number(done)}개를 그렸습니다`,
  smallerTiles: (side) => `메모리가 부족하여 이 그림과 이후의 그림은 최대 ${dimensions(side, side)}의 더 작은 조각으로 그립니다.`,
  painted: (backend, threads, ms, width, height) =>
    `${backendNames[backend]}${threads > 1 ? `, 스레드 ${number(threads)}개` : ""} · ${duration(ms)} · ${dimensions(width, height)}`,
  pickPainting: "그림을 하나 이상 고르세요.",
  region: (index) => `영역 ${number(index)}`,
  percent,
  pixels,
  dimensions,
  fullSize: (width, height) => `${dimensions(width, height)}, 원본 크기`,
  shown: (part) => `사진 ${percent(part)}`,
  credit: (title, credit) => `${title} (${credit})`,
  unavailable: (wanted, used) => `이 브라우저에서는 ${backendNames[wanted]} 방식이 작동하지 않아 ${backendNames[used]} 방식을 사용합니다.`,
  moved: (reason, from, to) => {
    if (reason === "faster") return `여기서는 ${backendNames[to]} 방식이 ${backendNames[from]} 방식보다 빨라 이제부터 사용합니다.`;
    if (from === to) return `그래픽 프로세서가 잠시 멈추어 ${backendNames[to]} 방식을 다시 시작했습니다.`;
    const cause = reason === "context-lost" ? "방식이 다시 멈추어" : "방식에는 이 그림을 그릴 메모리가 부족하여";
    return `${backendNames[from]} ${cause} 이제부터 ${backendNames[to]} 방식을 사용합니다.`;
  },
  earlier: "이 모델은 이전 버전에서 내보낸 것입니다. 그 버전의 방식대로 사용합니다. 다시 내보내면 이 문장이 사라집니다.",
  unverified: "이 페이지를 https로 열지 않아 모델의 체크섬을 비교할 수 없었습니다.",
  copied: (width, height) => `클립보드에 복사했습니다, ${dimensions(width, height)}.`,
  noClipboard: "이 브라우저는 페이지가 그림을 클립보드에 넣지 못하게 합니다(https 또는 localhost가 필요합니다). 대신 그림을 다운로드하세요.",
  notCopied: "브라우저가 그림 복사를 허용하지 않았습니다. 허용하거나 그림을 다운로드하세요.",
  notEncoded: (format) => `이 브라우저는 이 크기의 그림을 ${format} 형식으로 쓸 수 없습니다. 다른 형식이나 더 작은 크기를 고르세요.`,
  axis: (name, axis) => `${name}, ${axis}`,
  place: (part, meaning) => (meaning === "" ? percent(part) : `${percent(part)}: ${meaning}`),
  share: (title, part) => `${title} ${percent(part)}`,
  list: formats.list,
  comparing: (known, all) => `화풍을 비교하는 중: ${number(all)}개 중 ${number(known)}개`,
  noSamples: "예시 그림을 가져올 수 없었습니다. 직접 사진과 그림을 고르세요.",
  ownStyles: (names) => `이 모델은 자신의 화풍으로만 그립니다: ${names}. 다른 그림은 쓰이지 않습니다.`,
  remove: (title) => `“${title}” 지우기`,
  removed: (title) => `“${title}”을(를) 지웠습니다.`,
};

const painting: Language["painting"] = {
  names: { auto: "빠르면 섬세하게", fast: "빠름", fine: "섬세함" },
  by: { fast: "화가: 빠름", fine: "화가: 섬세함" },
  chosen: {
    fast: "빠른 화가: 넓은 붓질을 바로 그립니다. 미리보기와 영상도 그립니다.",
    fine: "섬세한 화가: 더 섬세한 붓질과 윤곽을 서너 배의 시간에 그립니다.",
  },
  later: "섬세한 화가가 준비될 때까지, 그리고 오래 걸릴 때는 빠른 화가가 그립니다.",
  preparing: "섬세한 화가를 준비하고 있습니다.",
  fetching: (done: number, total: number): string => `섬세한 화가를 가져오는 중: ${megabytes(total)} 중 ${megabytes(done)}`,
  failed: "섬세한 화가를 가져오지 못해 빠른 화가가 그립니다.",
  quick: (ms: number): string => `이 기기에서 섬세한 화가는 이 크기에 약 ${duration(ms)} 걸리므로 섬세한 화가가 그립니다.`,
  slow: (ms: number): string =>
    `이 기기에서 섬세한 화가는 이 크기에 약 ${duration(ms)} 걸리므로 빠른 화가가 그립니다. 그래도 원하면 직접 고르세요.`,
};

const many: Language["many"] = {
  adding: (done, total) => `사진을 읽는 중: ${number(total)}장 중 ${number(done)}장`,
  moreProblems: (count) => `그 밖에 파일 ${number(count)}개를 쓸 수 없었습니다.`,
  paintAll: (count) => `사진 ${number(count)}장 모두 그리기`,
  archive: "impasto-사진.zip",
  archivePart: (part) => `impasto-사진-${part}.zip`,
  noRoom: "브라우저에 이렇게 큰 압축 파일을 둘 공간이 없습니다. 더 작은 크기나 더 적은 사진을 선택하세요.",
  begins: (count) => `사진 ${number(count)}장을 그립니다.`,
  painting: (done, total, secondsLeft) => `사진 ${number(total)}장 중 ${number(done)}장을 그렸습니다${secondsLeft === null ? "" : `, ${roughly(secondsLeft)} 남음`}`,
  painted: (done, total, name, stopped) => `${stopped ? "중지했습니다. " : ""}사진 ${number(total)}장 중 ${number(done)}장을 그렸습니다. “${name}”에 들어 있습니다.`,
  furtherParts: (count) => `압축 파일이 ${number(count)}개 더 필요해서 같은 곳에 저장했습니다.`,
  nonePainted: "첫 사진이 끝나기 전에 취소되어 아무것도 저장하지 않았습니다.",
  notEncoded: (title, format) => `“${title}”을(를) ${format} 형식으로 쓸 수 없었습니다.`,
};

const film: Language["film"] = {
  starting: "시작하는 중…",
  waiting: "모델이 아직 준비되지 않았습니다.",
  preparing: (name) => `“${name}”을(를) 프레임으로 나누는 중…`,
  started: { camera: "카메라가 켜져 실시간으로 그립니다.", film: "동영상이 재생되며 실시간으로 그립니다." },
  stopped: "실시간 화면이 끝났습니다.",
  hidden: "이 페이지가 보이지 않는 동안 카메라를 껐습니다.",
  ended: "카메라가 꺼졌거나 분리되었습니다.",
  rate: (width, height, perSecond) => `${dimensions(width, height)} · 초당 ${rate(perSecond)}프레임`,
  cameraTitle: "카메라",
  pictureName: (time) => `카메라 ${timeInName(time)}.jpg`,
  recordingBegins: "녹화를 시작합니다.",
  recording: (time) => `녹화 중 ${time}`,
  recorded: (name, seconds, width, height) => `${clock(seconds)} 녹화했습니다, ${dimensions(width, height)}: “${name}” 파일이 다운로드 목록에 있습니다.`,
  nothingRecorded: "녹화하는 동안 그려진 것이 없어 파일이 없습니다.",
  saveAs: (format) => `${format}(으)로 저장`,
  exportBegins: "모든 프레임을 그리는 중입니다.",
  exportCancelled: "저장을 취소했습니다.",
  exporting: (part, secondsLeft) => `${percent(part)} 그렸습니다${secondsLeft === null ? "" : `, ${roughly(secondsLeft)} 남음`}`,
  exported: (name, frames, width, height, soundLost) =>
    `${number(frames)}프레임을 그렸습니다, ${dimensions(width, height)}: “${name}” 파일이 다운로드 목록에 있습니다${soundLost ? ". 소리는 이 브라우저가 변환하지 못해 빠졌습니다" : ""}.`,
  position: (now, length) => (length === null ? clock(now) : `${clock(length)} 중 ${clock(now)}`),
};

const filmErrors: Language["filmErrors"] = {
  unplayable: (name) => `이 브라우저에서 “${name}” 파일을 재생할 수 없습니다. MP4나 WebM 동영상을 사용하세요.`,
  noPicture: (name) => `“${name}” 파일에는 이 브라우저가 보여 줄 수 있는 화면이 없고 소리만 있습니다.`,
  noAnimations: (name) => `“${name}”은(는) 움직이는 그림이지만 이 브라우저는 애니메이션을 나눌 수 없어 첫 프레임을 그립니다.`,
  oneOfMany: (name) => `“${name}”은(는) 움직이는 그림입니다. 여러 파일 중에서는 첫 프레임을 씁니다. 전체를 그리려면 이 파일만 선택하세요.`,
};

const cameraErrors: Language["cameraErrors"] = {
  denied: `이 페이지는 카메라를 사용할 수 없습니다. 브라우저 설정에서 이 페이지에 허용한 뒤 “${text.camera}” 버튼을 다시 누르세요.`,
  none: "이 기기에서 카메라를 찾을 수 없습니다.",
  busy: "카메라를 시작할 수 없습니다. 다른 프로그램이 사용 중일 수 있습니다.",
  insecure: "브라우저는 https로 연 페이지에서만 카메라를 허용하는데, 이 페이지는 http로 열렸습니다.",
  failed: (detail) => `카메라를 사용할 수 없습니다: ${detail}.`,
};

const recordErrors: Language["recordErrors"] = {
  noEncoder: "이 브라우저는 동영상을 쓸 수 없어 아무것도 녹화하지 않았습니다.",
};

const exportErrors: Language["exportErrors"] = {
  noEncoder: "이 브라우저는 이 크기의 동영상을 쓸 수 없습니다. 다른 크기를 고르거나 최신 브라우저를 사용하세요.",
  notDecoded: (name) => `“${name}” 파일은 재생할 수 있지만 이 브라우저가 프레임 단위로 나눌 수 없습니다. 재생하면서 녹화하세요.`,
};

const pictureErrors: Language["pictureErrors"] = {
  unreadable: (name) => `“${name}” 파일을 그림으로 읽을 수 없습니다. JPEG, PNG 또는 WebP 파일을 사용하세요.`,
  heic: (name) => `“${name}” 파일은 이 브라우저가 읽을 수 없는 HEIC 사진입니다. 먼저 JPEG로 저장하세요.`,
  tooLarge: (name, limit) => `“${name}” 파일이 ${wholeMegabytes(limit)}보다 큽니다. 더 작은 사본을 사용하세요.`,
  tooManyPixels: (name, limit) => `“${name}” 파일이 ${number(limit)}메가픽셀을 넘습니다. 더 작은 사본을 사용하세요.`,
  notFetched: (name) => `예시 “${name}” 파일을 서버에서 가져올 수 없었습니다.`,
  nothing: "놓거나 붙여 넣은 것 중에 그림이 없습니다.",
  changed: (name) => `“${name}”은(는) 고른 뒤에 바뀌었거나 옮겨졌거나 지워졌습니다. 다시 고르세요.`,
  noFile: "놓은 것은 파일이 아니라 글, 링크 또는 다른 페이지의 그림입니다. 먼저 그림을 저장한 뒤 그 파일을 여기에 놓으세요.",
  falsified: "이 브라우저는 사용자를 알아보지 못하도록 페이지가 그림에서 읽는 값을 바꾸므로, 결과가 잡음이 됩니다. 이 페이지가 캔버스 데이터를 읽도록 허용하거나 다른 브라우저를 쓰세요.",
};

const keepErrors: Language["keepErrors"] = {
  full: (name) => `이 브라우저의 저장 공간이 가득 차서, “${name}”은(는) 이 페이지를 떠날 때까지만 남아 있습니다.`,
  forbidden: "이 브라우저는 페이지가 아무것도 보관하지 못하게 하므로, 추가한 사진은 페이지를 떠날 때까지만 남아 있습니다.",
};

const shareErrors: Language["shareErrors"] = {
  damaged: "공유된 화풍이 손상되었거나 완전하지 않습니다. 링크 전체를 복사하거나 파일을 다시 저장하세요.",
  version: "공유된 화풍이 이 페이지의 더 새로운 버전에서 만들어졌습니다.",
  model: "공유된 화풍이 다른 모델로 만들어져 이 모델에서는 의미가 없습니다.",
};

const errors: Language["errors"] = {
  "model-missing": (detail) => `서버에 모델이 없습니다: ${detail}. 이 페이지 옆의 “model” 폴더에 있어야 하며, “make demo” 명령이 둘 다 만듭니다.`,
  "model-damaged": (detail) => `서버의 모델이 손상되었습니다: ${detail}. “make page-data” 명령으로 다시 내보내세요.`,
  "no-backend": (detail) => `이 브라우저의 어떤 방식으로도 모델을 실행할 수 없습니다(${detail}). 최신 브라우저를 사용하세요.`,
  "context-lost": (detail) => `그리기가 중단되었습니다: ${detail}. 페이지를 다시 열거나 “${text.backend}”에서 “${backendNames.wasm}” 방식을 골라 보세요.`,
  "out-of-memory": (detail) => `이 크기를 그릴 메모리가 부족합니다: ${detail}. 더 작은 크기를 고르거나 다른 페이지를 닫으세요.`,
  failed: (detail) => `그리지 못했습니다: ${detail}. 더 작은 크기를 고르거나 “${text.backend}”에서 “${backendNames.wasm}” 방식을 골라 보세요.`,
};

const titles: Language["titles"] = {
  astronaut: "우주비행사 아일린 콜린스",
  chelsea: "고양이 첼시",
  coffee: "커피 한 잔",
  rocket: "로켓 발사",
  camera: "카메라를 든 남자",
  galaxies: "허블 딥 필드",
  "swirls-4": "금빛 소용돌이",
  "stained-glass-7": "장미창",
  "screen-print-1": "실크 스크린",
  "impasto-0": "두꺼운 유화 수련",
  "impressionist-1": "노을 속의 돛",
  "fauve-0": "푸른 초상",
  "gestural-6": "휘두른 붓, 빨강과 금빛",
  "expressionist-5": "불꽃 속의 머리",
  "old-master-3": "등불 아래의 배",
  "pointillism-3": "점으로 그린 꽃",
  "silk-7": "빗질한 색",
  "mosaic-5": "모자이크 머리",
  "cubist-7": "부서진 꽃",
  "paper-cut-6": "종이 사구",
  "colour-squares-7": "칠한 사각형",
  "neoplastic-4": "원색 사각형",
  "glazed-tiles-5": "유약 타일",
  "hatching-1": "펜과 잉크",
  "woodcut-1": "황토색 목판화",
  "watercolour-6": "종이 위의 수채",
  "ink-wash-2": "산과 해",
  "woodblock-6": "산 앞의 파도",
  "marbling-3": "마블링 종이",
  "drip-3": "흩뿌린 물감",
  "contours-3": "마노",
  "poured-3": "부은 색",
};

const credits: Language["credits"] = { "Generated by Impasto": "Impasto가 생성함", "Public domain": "퍼블릭 도메인" };

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
