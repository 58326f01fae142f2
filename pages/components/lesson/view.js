// @ts-check
// The lesson's panel. There is one for all pages: it keeps its step as they are turned.
import { followQuestions } from "./asked.js";
import { Panel } from "./panel.js";

const panel = new Panel();
followQuestions();

/**
 * @param {{data: import("../types").LessonData, parentElement: HTMLElement,
 *   setTriggerValue: (name: string, value: any) => void}} component
 */
export default function lesson(component) {
  panel.receive(component);
}
