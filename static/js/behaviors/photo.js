// A picture is made small and square before it is sent: the middle of it, 256 × 256, as a JPEG. The server looks at
// what comes all the same, and refuses what is not small.
const SIDE = 256;

export function photo(form) {
  const field = form.querySelector("input[type=file]");
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    try {
      const small = await squared(file);
      const files = new DataTransfer();
      files.items.add(new File([small], "foto.jpg", { type: "image/jpeg" }));
      field.files = files.files;
    } catch {
      // Not a picture this browser can read: it goes as it is, and the server says why not.
    }
  });
}

async function squared(file) {
  const picture = await createImageBitmap(file);
  const side = Math.min(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d").drawImage(
    picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE,
  );
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail()), "image/jpeg", 0.86));
}
