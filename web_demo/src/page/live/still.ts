/** A frame of a video as a file, like any other photograph of the visitor's. */

const QUALITY = 0.95;

export async function pictureOf(video: HTMLVideoElement, name: string): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0;
  if (blob === null) throw new Error("the browser could not make a picture of the frame");
  return new File([blob], name, { type: blob.type });
}
