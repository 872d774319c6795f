// What can be wrong with a call of the gateway before any model is asked.

import { Fault } from 'kernel/basics';

export const gatewayKeyMissing = (): Fault =>
  new Fault('GATEWAY_KEY_WRONG', {
    what: 'The call was not accepted.',
    why: 'It has no key of this gateway, or one that was taken back.',
    next: 'Make one by tandem key issue --name NAME and give it as the API key.',
    about: { kind: 'not-signed-in' },
  });

export const gatewayModelUnknown = (model: string): Fault =>
  new Fault('GATEWAY_MODEL_UNKNOWN', {
    what: 'No model was asked.',
    why: `Nothing here answers to the name ${JSON.stringify(model.slice(0, 100))}.`,
    next: 'Ask for auto, or for one that GET /v1/models lists.',
    about: { kind: 'not-found' },
  });

export const gatewayRunWrong = (): Fault =>
  new Fault('GATEWAY_RUN_WRONG', {
    what: 'The call was not accepted.',
    why: 'Its header tandem-run names no run of the person whose key it is.',
    next: 'Leave the header out, or give the id of a run of your own.',
    about: { kind: 'wrong-use' },
  });

export const gatewayRequestWrong = (where: string, why: string): Fault =>
  new Fault('GATEWAY_REQUEST_WRONG', {
    what: 'The call was not accepted.',
    why: where === '' ? `Its body is wrong: ${why}.` : `${where} is wrong: ${why}.`,
    next: 'Correct that field and send it again.',
    about: { kind: 'wrong-use' },
  });

export const pictureElsewhere = (): Fault =>
  new Fault('GATEWAY_PICTURE_ELSEWHERE', {
    what: 'The call was not accepted.',
    why: 'A picture in it is an address, and this server fetches nothing for a caller.',
    next: 'Send the picture itself as data:image/…;base64,….',
    about: { kind: 'wrong-use' },
  });

export const gatewayKeyUnknown = (prefix: string, count: number): Fault =>
  new Fault('GATEWAY_KEY_UNKNOWN', {
    what: 'No key was taken back.',
    why:
      count === 0
        ? `No key’s id begins with ${JSON.stringify(prefix.slice(0, 40))}.`
        : `The ids of ${count} keys begin so.`,
    next: 'Read the ids by tandem key list and give more characters of one.',
    about: { kind: 'not-found' },
  });

export const gatewayKeyNameWrong = (): Fault =>
  new Fault('GATEWAY_KEY_NAME_WRONG', {
    what: 'No key was made.',
    why: 'Its name is empty or longer than 100 characters.',
    next: 'Name what the key is for, such as --name "my editor".',
    about: { kind: 'wrong-use' },
  });

export const budgetAmountWrong = (text: string): Fault =>
  new Fault('GATEWAY_BUDGET_WRONG', {
    what: 'No key was made.',
    why: `${JSON.stringify(text.slice(0, 40))} is no amount of US dollars.`,
    next: 'Write the budget as 5 or 2.50.',
    about: { kind: 'wrong-use' },
  });
