/** Answers with the stage and region it was deployed to. */
export const handler = async () => ({ stage: process.env.STAGE, region: process.env.AWS_REGION })
