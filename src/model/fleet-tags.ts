/** The tags by which stacks tell whose they are. */

/** On every stack: the name of its fleet. */
export const FLEET_TAG = 'crossdock:fleet'

/** On stacks that were deployed from a repository: which one, and the fleet file in it. */
export const FILE_TAG = 'crossdock:file'
