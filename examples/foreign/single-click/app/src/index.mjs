/** Greets from the account it runs in. */
export const handler = async (_event, { invokedFunctionArn }) => ({
  account: invokedFunctionArn.split(':')[4],
})
