export const handler = async () => {
  const { STAGE, TOPIC, LEVEL, AWS_REGION } = process.env
  return { stage: STAGE, region: AWS_REGION, tells: TOPIC, level: LEVEL }
}
