// A preset of one's own is another's settings with some replaced; what follows from them is made to fit.
import { checkSettings, presetNamed, withOverrides } from '../src/study/index.ts';

// #region preset
const tiny = presetNamed('tiny').settings;
const short = checkSettings(withOverrides(tiny, { steps: 90, trainSamples: 2_000 }));
// #endregion

const changed = Object.entries(short).filter(([name, value]) => value !== tiny[name as keyof typeof tiny]);
for (const [name, value] of changed) console.log(name, tiny[name as keyof typeof tiny], value);
// =>
// trainSamples 230400 2000
// steps 3600 90
// warmupSteps 200 5
// traceTrain 5000 2000
