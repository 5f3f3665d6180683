/** Stand-ins for values that nobody knows before the deployment. */

/** Gives the stand-in: it equals only itself and holds nothing that a policy would take for a wildcard. */
export const unknownValue = (what: string): string => `<${what.replaceAll(':', '.')}>`

/** Whether a text holds a stand-in. */
export const isUnknown = (text: string): boolean => /<[^<>]*>/.test(text)

/** Gives what the stand-ins in a text stand for. */
export const unknownsIn = (text: string): string[] =>
  [...text.matchAll(/<([^<>]*)>/g)].map(([, what = '']) => what)

/** What CloudFormation makes up at the end of a physical name. */
export const GENERATED = 'XXXXXXXXXXXX'
