/** Where CodePipeline puts an artifact in the artifact bucket. */

const PIPELINE_CHARACTERS = 20
const ARTIFACT_CHARACTERS = 10

/**
 * Gives the beginning of every key of an artifact, without a slash at the end: `hello/BuildOutpu`.
 * AWS: both names are shortened so that policies that name the path stay short; the rest of the key is random.
 */
export const artifactPrefix = (pipelineName: string, artifactName: string): string =>
  `${pipelineName.slice(0, PIPELINE_CHARACTERS)}/${artifactName.slice(0, ARTIFACT_CHARACTERS)}`
