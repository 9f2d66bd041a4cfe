const now = new Date();
document.querySelector("time").textContent = `${pad(now.getHours())}:${pad(now.getMinutes())}`;
