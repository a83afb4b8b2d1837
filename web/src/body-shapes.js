// The body in simple shapes, each with the code of its place (twitchwise/vocabulary/codes.yml). Half a body is drawn as seen on the
// viewer's left of the centre line x = 100, and mirrored. Points are "x,y" in a 200 x 440 box (the face: 200 x 210).
const NAMES = {
  eyelid: "eyelid", face: "face", cheek: "cheek", lip: "lips", jaw: "jaw and chin", tongue: "tongue", neck: "neck", scalp: "scalp", ear: "ear",
  nose: "nose", shoulder: "shoulder", upper_arm: "upper arm", elbow: "elbow", forearm: "forearm", wrist: "wrist", hand: "hand", thumb: "thumb",
  finger: "fingers", chest: "chest", abdomen: "belly", back: "back", ribs: "ribs", hip: "hip", buttock: "buttock", groin: "groin",
  thigh: "thigh", knee: "knee", calf: "calf", shin: "shin", ankle: "ankle", foot: "foot", toe: "toes", whole_body: "all over",
};

const ARM = {
  shoulder: "70,90 59,97 54,112 67,110 76,96", upper_arm: "53,117 67,115 64,157 50,156", elbow: "49,161 63,162 60,179 46,177",
  forearm: "45,183 59,184 52,226 41,224", wrist: "40,229 51,231 49,240 38,238", hand: "37,243 50,245 49,264 34,262",
  finger: "34,268 48,270 45,287 35,285", thumb: "54,243 60,250 62,268 55,266",
};
const LEG = {
  thigh: "69,222 96,222 94,288 74,286", knee: "74,292 94,293 93,313 75,312", ankle: "78,382 90,382 90,394 78,394",
  foot: "77,399 91,399 92,414 68,414", toe: "66,419 92,419 91,427 67,427",
};
const FRONT = {
  halves: { ...ARM, ...LEG, hip: "71,190 79,190 82,214 69,216", shin: "75,318 93,318 90,377 78,377", ribs: "70,142 80,142 79,168 73,168" },
  middle: {
    face: "83,22 100,12 117,22 119,44 112,62 100,68 88,62 81,44", neck: "91,73 109,73 112,84 88,84",
    chest: "80,92 120,92 126,110 127,137 73,137 74,110", abdomen: "85,142 115,142 117,172 116,200 84,200 83,172", groin: "86,205 114,205 101,219 99,219",
  },
};
const BACK = {
  halves: { ...ARM, ...LEG, calf: "74,318 94,318 91,377 78,377", buttock: "71,188 97,188 97,217 69,217" },
  middle: {
    scalp: "83,24 100,12 117,24 119,44 112,62 100,67 88,62 81,44", neck: "91,73 109,73 112,84 88,84",
    back: "80,92 120,92 126,110 126,140 122,168 124,183 76,183 78,168 74,140 74,110",
  },
};
const FACE = {
  halves: {
    eyelid: "58,78 68,70 82,72 88,82 80,89 66,89", cheek: "50,104 80,98 84,124 74,144 56,132", ear: "34,86 41,80 42,110 37,114 33,104",
  },
  middle: {
    scalp: "56,46 64,26 84,14 100,11 116,14 136,26 144,46 124,40 100,38 76,40", nose: "95,84 105,84 113,118 100,124 87,118",
    lip: "80,142 92,136 100,139 108,136 120,142 108,149 92,149", tongue: "90,154 110,154 107,166 100,169 93,166",
    jaw: "70,158 84,164 88,174 112,174 116,164 130,158 122,182 108,196 92,196 78,182", neck: "78,203 122,203 126,210 74,210",
  },
};

const mirrored = (points) => points.replace(/(\d+),/g, (_, x) => `${200 - Number(x)},`);

/** A closed path through the points of a shape, its corners rounded. */
export function rounded(points, most = 7) {
  const corners = points.split(" ").map((pair) => pair.split(",").map(Number));
  const toward = ([x, y], [tx, ty]) => {
    const length = Math.hypot(tx - x, ty - y);
    const part = Math.min(most, length * 0.42) / length;
    return `${(x + (tx - x) * part).toFixed(1)} ${(y + (ty - y) * part).toFixed(1)}`;
  };
  const curves = corners.map((corner, at) => {
    const before = corners.at(at - 1);
    const after = corners[(at + 1) % corners.length];
    return `${at ? "L" : "M"}${toward(corner, before)}Q${corner[0]} ${corner[1]} ${toward(corner, after)}`;
  });
  return `${curves.join("")}Z`;
}

function placesOf(figure, facing) {
  const list = [];
  const paired = Object.entries(figure.halves).map(([code, points]) => ({ code, points }));
  // Seen from the front, the viewer's left is the person's right.
  const [first, second] = facing === "back" ? ["left", "right"] : ["right", "left"];
  for (const [code, points] of Object.entries(figure.middle)) list.push({ code, side: null, points });
  for (const { code, points } of paired) list.push({ code, side: first, points }, { code, side: second, points: mirrored(points) });
  // From head to toe, as one moves through it with the keys.
  const top = (points) => Math.min(...points.split(" ").map((pair) => Number(pair.split(",")[1])));
  return list.sort((a, b) => top(a.points) - top(b.points));
}

export const FIGURES = [
  { name: "Front", label: "Front of the body", facing: "front", box: "22 4 156 432", places: placesOf(FRONT, "front") },
  { name: "Back", label: "Back of the body", facing: "back", box: "22 4 156 432", places: placesOf(BACK, "back") },
  {
    name: "Face, close up", label: "Face, close up", facing: "front", box: "18 2 164 216", places: placesOf(FACE, "front"), most: 12,
    behind: "100,6 140,16 158,52 158,112 144,158 126,190 128,218 72,218 74,190 56,158 42,112 42,52 60,16",
  },
];

/** "Left calf": how a place is named. */
export function nameOf(code, side) {
  const name = `${side ? `${side} ` : ""}${NAMES[code] || code}`;
  return name[0].toUpperCase() + name.slice(1);
}
