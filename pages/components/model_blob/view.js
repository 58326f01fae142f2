// Takes one model, as bytes, and puts it where the other components find it (evaluator.js). Shows nothing.
export default function ({ data }) {
  // Streamlit runs this again on a change of theme; building a model twice would be lost time, so compare first.
  const stamp = stampOf(data);
  for (const model of latentModels.values()) if (model.stamp === stamp) return;
  registerModel(parseModel(data));
}
