// Takes a few epochs of a training, as bytes, and puts them where `replay` finds them (evaluator.js). Shows nothing.
export default function ({ data }) { registerSnapshots(parseSnapshots(data)); }
