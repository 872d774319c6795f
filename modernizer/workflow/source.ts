/** Who does the work, as runs and commits name it. No model is asked. */
export const SOURCE = 'built-in rules';
