import { clock } from "./format.js";

document.querySelector("time").textContent = clock(new Date());
