// What the run of an answer was asked to do; kept in the journal, so that any process can go on with it.

export interface AnswerInput {
  readonly chatId: string;
  /** What is answered. */
  readonly messageId: string;
  /** The answer's own message, which is there before its first word. */
  readonly answerId: string;
  /** A route, or `provider/model`. */
  readonly model: string;
  /** The page that its visitor came by; its budget pays. */
  readonly embed?: string;
}
